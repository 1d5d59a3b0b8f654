BEGIN TRANSACTION;
CREATE TABLE agent_messages (
	agent TEXT NOT NULL, 
	seq INTEGER NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_agent_messages PRIMARY KEY (agent, seq), 
	CONSTRAINT fk_agent_messages_agent FOREIGN KEY(agent) REFERENCES agents (agent)
);
INSERT INTO "agent_messages" VALUES('run-4000000001-7-aaaaaaaaaaaa-1/implementer/T-1/1',1,'{"v":1,"value":{"$":"Message","call_id":"","calls":[],"speaker":"user","text":"do it"}}');
INSERT INTO "agent_messages" VALUES('run-4000000001-7-aaaaaaaaaaaa-1/implementer/T-1/1',2,'{"v":1,"value":{"$":"Message","call_id":"","calls":[],"speaker":"assistant","text":"done"}}');
CREATE TABLE agents (
	agent TEXT NOT NULL, 
	run_id TEXT NOT NULL, 
	outcome TEXT NOT NULL, 
	snapshot_tree TEXT, 
	snapshot_bundle BLOB, 
	CONSTRAINT pk_agents PRIMARY KEY (agent)
);
INSERT INTO "agents" VALUES('run-4000000001-7-aaaaaaaaaaaa-1/implementer/T-1/1','run-4000000001-7-aaaaaaaaaaaa-1','{"v":1}','1111111111111111111111111111111111111111',X'0062756E646C65');
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
CREATE TABLE candidates (
	repo_id INTEGER NOT NULL, 
	sha TEXT NOT NULL, 
	run_id TEXT NOT NULL, 
	CONSTRAINT pk_candidates PRIMARY KEY (repo_id, sha), 
	CONSTRAINT fk_candidates_run_id FOREIGN KEY(run_id) REFERENCES runs (run_id)
);
INSERT INTO "candidates" VALUES(4000000001,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','run-4000000001-7-aaaaaaaaaaaa-1');
CREATE TABLE commands (
	seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	command_id TEXT NOT NULL, 
	body TEXT NOT NULL, 
	added_at DATETIME NOT NULL, 
	settled_at DATETIME, 
	outcome TEXT, 
	CONSTRAINT uq_commands_command_id UNIQUE (command_id)
);
INSERT INTO "commands" VALUES(1,'c:1','{"v":1,"value":{"$":"Command","actor":{"$":"Person","is_bot":false,"login":"ann","user_id":11},"arguments":["AC-1","because"],"command_id":"c:1","comment_id":99,"given_at":"2026-11-22T08:00:00+00:00","head_sha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","implied":false,"number":7,"on_issue":false,"repo":{"$":"RepoRef","installation_id":5,"name":"lib","owner":"octo","repo_id":4000000001},"said_in":"conversation","text":"","verb":"retry"}}','2026-11-22 08:00:01.000000','2026-11-22 08:00:04.000000','started');
INSERT INTO "commands" VALUES(2,'c:2','{"v":1,"value":{"$":"Command","actor":{"$":"Person","is_bot":false,"login":"ann","user_id":11},"arguments":["AC-1","because"],"command_id":"c:2","comment_id":99,"given_at":"2026-11-22T08:00:00+00:00","head_sha":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","implied":false,"number":7,"on_issue":false,"repo":{"$":"RepoRef","installation_id":5,"name":"lib","owner":"octo","repo_id":4000000001},"said_in":"conversation","text":"/specbot retry \u202e","verb":"retry"}}','2026-11-22 08:00:03.000000',NULL,NULL);
CREATE TABLE deliveries (
	seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	delivery_id TEXT NOT NULL, 
	event TEXT NOT NULL, 
	body BLOB NOT NULL, 
	received_at DATETIME NOT NULL, 
	settled_at DATETIME, 
	outcome TEXT, 
	CONSTRAINT uq_deliveries_delivery_id UNIQUE (delivery_id)
);
INSERT INTO "deliveries" VALUES(1,'g-1','push',X'7B2261223A20317D','2026-11-22 08:00:00.000000','2026-11-22 08:00:01.000000','one command');
INSERT INTO "deliveries" VALUES(2,'g-2','issue_comment',X'7B2262223A2022C3A9227D','2026-11-22 08:00:05.000000',NULL,NULL);
CREATE TABLE executions (
	"key" TEXT NOT NULL, 
	body TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_executions PRIMARY KEY ("key")
);
INSERT INTO "executions" VALUES('k','{"v":1,"value":{"$":"Executed","broken":"","exit_code":0,"key":"k","left":[],"nodes_cut_short":0,"nodes_started":0,"output":"hello \ud800 \u0000 world","output_digest":"dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd","python_cut_short":0,"python_started":1,"seconds":0.5,"sessions":[],"stopped_by":"","tests":[{"$":"TestResult","line":0,"message":"","name":"tests/t.py::test_a","outcome":"passed","path":""}]}}','2026-11-22 08:00:07.000000');
CREATE TABLE ledger (
	repo_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	"key" TEXT NOT NULL, 
	previous TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	body TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_ledger PRIMARY KEY (repo_id, number, seq), 
	CONSTRAINT uq_ledger_repo_id_number_key UNIQUE (repo_id, number, "key")
);
INSERT INTO "ledger" VALUES(4000000001,7,1,'proof/1','0000000000000000000000000000000000000000000000000000000000000000','4bc512cfd84e3f80dfad392ce7d8d68ac08456f9de5e8c324e58c3b9cfb61bfc','{"kind":"proof","v":1}','2026-11-22 08:00:09.000000');
INSERT INTO "ledger" VALUES(4000000001,7,2,'proof/2','4bc512cfd84e3f80dfad392ce7d8d68ac08456f9de5e8c324e58c3b9cfb61bfc','46799a3b5183f4942a36d7b038dad53b36175c9ebeb16aab3c2893ebafcb5b1b','{"kind":"proof","v":1}','2026-11-22 08:00:10.000000');
CREATE TABLE model_calls (
	agent TEXT NOT NULL, 
	turn INTEGER NOT NULL, 
	run_id TEXT NOT NULL, 
	model TEXT NOT NULL, 
	finish_reason TEXT NOT NULL, 
	prompt_tokens INTEGER NOT NULL, 
	cached_tokens INTEGER NOT NULL, 
	completion_tokens INTEGER NOT NULL, 
	cost_usd DOUBLE, 
	seconds DOUBLE NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_model_calls PRIMARY KEY (agent, turn), 
	CONSTRAINT fk_model_calls_agent FOREIGN KEY(agent) REFERENCES agents (agent)
);
INSERT INTO "model_calls" VALUES('run-4000000001-7-aaaaaaaaaaaa-1/implementer/T-1/1',1,'run-4000000001-7-aaaaaaaaaaaa-1','m','stop',100,10,5,0.25,1.5,'2026-11-22 08:00:06.000000');
CREATE TABLE notes (
	run_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	body TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_notes PRIMARY KEY (run_id, kind)
);
INSERT INTO "notes" VALUES('run-4000000001-7-aaaaaaaaaaaa-1','report','{"v":1}','2026-11-22 08:00:08.000000');
CREATE TABLE posts (
	"key" TEXT NOT NULL, 
	remote_id INTEGER NOT NULL, 
	CONSTRAINT pk_posts PRIMARY KEY ("key")
);
INSERT INTO "posts" VALUES('check/x',3000000001);
CREATE TABLE pr_heads (
	repo_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	sha TEXT NOT NULL, 
	seen_at DATETIME NOT NULL, 
	CONSTRAINT pk_pr_heads PRIMARY KEY (repo_id, number, seq)
);
INSERT INTO "pr_heads" VALUES(4000000001,7,1,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','2026-11-22 08:00:00.000000');
INSERT INTO "pr_heads" VALUES(4000000001,7,2,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','2026-11-22 08:00:02.000000');
CREATE TABLE reservations (
	agent TEXT NOT NULL, 
	turn INTEGER NOT NULL, 
	run_id TEXT NOT NULL, 
	repo_id INTEGER NOT NULL, 
	tokens INTEGER NOT NULL, 
	usd DOUBLE, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_reservations PRIMARY KEY (agent, turn)
);
INSERT INTO "reservations" VALUES('run-4000000001-7-aaaaaaaaaaaa-1/implementer/T-1/1',2,'run-4000000001-7-aaaaaaaaaaaa-1',4000000001,1500,0.002,'2026-11-22 08:00:13.000000');
CREATE TABLE run_events (
	run_id TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	kind TEXT NOT NULL, 
	data TEXT NOT NULL, 
	CONSTRAINT pk_run_events PRIMARY KEY (run_id, number)
);
INSERT INTO "run_events" VALUES('run-4000000001-7-aaaaaaaaaaaa-1',1,'2026-11-22 08:00:11.000000','stage','verify');
CREATE TABLE run_specs (
	run_id TEXT NOT NULL, 
	spec_path TEXT NOT NULL, 
	CONSTRAINT pk_run_specs PRIMARY KEY (run_id, spec_path)
);
INSERT INTO "run_specs" VALUES('run-4000000001-7-aaaaaaaaaaaa-1','specs/a.md');
INSERT INTO "run_specs" VALUES('run-4000000001-7-aaaaaaaaaaaa-1','specs/b.md');
CREATE TABLE runs (
	seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	run_id TEXT NOT NULL, 
	installation_id INTEGER NOT NULL, 
	repo_id INTEGER NOT NULL, 
	owner TEXT NOT NULL, 
	name TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	start_head TEXT NOT NULL, 
	attempt INTEGER NOT NULL, 
	head_repo_id INTEGER NOT NULL, 
	head_ref TEXT NOT NULL, 
	base_ref TEXT NOT NULL, 
	state TEXT NOT NULL, 
	stage TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	requester_id INTEGER NOT NULL, 
	requester_login TEXT NOT NULL, 
	requester_is_bot BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	candidate TEXT, 
	published BOOLEAN NOT NULL, 
	verify_only BOOLEAN NOT NULL, segment INTEGER DEFAULT 1 NOT NULL, worked_seconds DOUBLE DEFAULT 0 NOT NULL, working_since DATETIME, 
	CONSTRAINT uq_runs_repo_id_number_start_head_attempt UNIQUE (repo_id, number, start_head, attempt), 
	CONSTRAINT uq_runs_run_id UNIQUE (run_id)
);
INSERT INTO "runs" VALUES(1,'run-4000000001-7-aaaaaaaaaaaa-1',5,4000000001,'octo','lib',7,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1,4000000001,'feature','main','done','ended','all proven',11,'ann',0,'2026-11-22 08:00:00.000000','2026-11-22 08:00:05.000000','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',1,0,1,5.0,NULL);
INSERT INTO "runs" VALUES(2,'run-4000000001-7-bbbbbbbbbbbb-1',5,4000000001,'octo','lib',7,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',1,4000000001,'feature','main','queued','admission','',11,'ann',0,'2026-11-22 08:00:00.000000',NULL,NULL,0,0,1,0.0,NULL);
CREATE TABLE task_results (
	"key" TEXT NOT NULL, 
	repo_id INTEGER NOT NULL, 
	run_id TEXT NOT NULL, 
	task_id TEXT NOT NULL, 
	body TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_task_results PRIMARY KEY ("key")
);
CREATE TABLE workers (
	worker TEXT NOT NULL, 
	beat_at DATETIME NOT NULL, 
	CONSTRAINT pk_workers PRIMARY KEY (worker)
);
INSERT INTO "workers" VALUES('worker-1','2026-11-22 08:00:12.000000');
CREATE INDEX ix_deliveries_pending ON deliveries (seq) WHERE settled_at IS NULL;
CREATE INDEX ix_commands_pending ON commands (seq) WHERE settled_at IS NULL;
CREATE INDEX ix_runs_repo_id_start_head ON runs (repo_id, start_head);
CREATE UNIQUE INDEX uq_runs_one_writer ON runs (head_repo_id, head_ref) WHERE state IN ('queued', 'working');
CREATE INDEX ix_model_calls_run_id ON model_calls (run_id);
CREATE INDEX ix_reservations_run_id ON reservations (run_id);
CREATE INDEX ix_reservations_repo_id ON reservations (repo_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('deliveries',2);
INSERT INTO "sqlite_sequence" VALUES('commands',2);
INSERT INTO "sqlite_sequence" VALUES('runs',2);
COMMIT;
