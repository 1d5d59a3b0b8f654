"""The part of the schema that the hub knows, with GitHub's names (docs, GraphQL reference). What is not in it is refused as GitHub refuses a
misspelt field."""

from functools import cache

from graphql import GraphQLSchema, build_schema

SDL = """
scalar Base64String
scalar DateTime
scalar GitObjectID
scalar URI

interface Node { id: ID! }

type Query {
  node(id: ID!): Node
  repository(owner: String!, name: String!): Repository
  viewer: User!
}

type User implements Node { id: ID!  login: String!  databaseId: Int }

interface Actor { login: String! }
type Account implements Actor { login: String! }

type Repository implements Node {
  id: ID!
  nameWithOwner: String!
  pullRequest(number: Int!): PullRequest
  ref(qualifiedName: String!): Ref
}

type Ref implements Node { id: ID!  name: String!  target: Commit! }

type Commit implements Node { id: ID!  oid: GitObjectID!  url: URI!  signature: GitSignature }
type GitSignature { isValid: Boolean! }

type PullRequest implements Node {
  id: ID!
  number: Int!
  isDraft: Boolean!
  headRefOid: GitObjectID!
  reviewThreads(first: Int, after: String): PullRequestReviewThreadConnection!
}

type PageInfo { hasNextPage: Boolean!  endCursor: String }

type PullRequestReviewThreadConnection {
  totalCount: Int!
  nodes: [PullRequestReviewThread]
  pageInfo: PageInfo!
}

type PullRequestReviewThread implements Node {
  id: ID!
  isResolved: Boolean!
  isOutdated: Boolean!
  path: String!
  line: Int
  originalLine: Int
  resolvedBy: User
  comments(first: Int, after: String): PullRequestReviewCommentConnection!
}

type PullRequestReviewCommentConnection {
  totalCount: Int!
  nodes: [PullRequestReviewComment]
  pageInfo: PageInfo!
}

type PullRequestReviewComment implements Node {
  id: ID!
  databaseId: Int
  fullDatabaseId: String
  body: String!
  createdAt: DateTime!
  author: Actor
}

type Mutation {
  resolveReviewThread(input: ResolveReviewThreadInput!): ThreadPayload
  unresolveReviewThread(input: UnresolveReviewThreadInput!): ThreadPayload
  markPullRequestReadyForReview(input: MarkPullRequestReadyForReviewInput!): PullRequestPayload
  convertPullRequestToDraft(input: ConvertPullRequestToDraftInput!): PullRequestPayload
  createCommitOnBranch(input: CreateCommitOnBranchInput!): CreateCommitOnBranchPayload
}

input ResolveReviewThreadInput { threadId: ID!  clientMutationId: String }
input UnresolveReviewThreadInput { threadId: ID!  clientMutationId: String }
input MarkPullRequestReadyForReviewInput { pullRequestId: ID!  clientMutationId: String }
input ConvertPullRequestToDraftInput { pullRequestId: ID!  clientMutationId: String }

input CommittableBranch { repositoryNameWithOwner: String  branchName: String  id: ID }
input CommitMessage { headline: String!  body: String }
input FileAddition { path: String!  contents: Base64String! }
input FileDeletion { path: String! }
input FileChanges { additions: [FileAddition!]  deletions: [FileDeletion!] }
input CreateCommitOnBranchInput {
  branch: CommittableBranch!
  message: CommitMessage!
  expectedHeadOid: GitObjectID!
  fileChanges: FileChanges
  clientMutationId: String
}

type ThreadPayload { clientMutationId: String  thread: PullRequestReviewThread }
type PullRequestPayload { clientMutationId: String  pullRequest: PullRequest }
type CreateCommitOnBranchPayload { clientMutationId: String  commit: Commit  ref: Ref }
"""


@cache
def schema() -> GraphQLSchema:
    """The schema, built once."""
    return build_schema(SDL)
