"""The order of work, where it can be shown without a stage; stories show the rest."""
