-- The tables every warehouse has, whatever the questionnaire. Units: one row per record version unless said otherwise.

-- What arrived, once per (record, revision); the root is the first version of an interview, its corrections share it.
create table if not exists ledger (
    record_id varchar not null,
    rev varchar not null,
    sha256 varchar not null,
    kind varchar not null,
    root varchar not null,
    device varchar not null,
    round varchar,
    area varchar,
    questionnaire_id varchar,
    questionnaire_version varchar,
    finished date,
    status varchar not null,          -- accepted, held, quarantined, withdrawn
    received bigint not null,         -- order of arrival; device clocks never decide
    household_key uuid,
    withdrawal_code varchar,          -- keyed hash of the code on the household's slip
    consent_interview boolean,
    consent_sharing boolean,
    consent_referral boolean,
    consent_recontact boolean,
    consent_linking boolean,
    consent_language varchar,
    consent_mode varchar,
    members integer,
    minutes integer                   -- from start to end by the device's clock
);

-- What the devices are told; the highest seq of a record counts. Reasons: JSON of codes, question names and row ids.
create table if not exists receipt (
    seq bigint not null,
    record_id varchar not null,
    device varchar not null,
    sha256 varchar not null,
    status varchar not null,
    reasons varchar not null
);

-- Position in a feed: one row per feed. `numbered` counts ledger rows and receipts, so that numbers never repeat.
create table if not exists checkpoint (
    feed varchar not null,
    since varchar,
    received bigint not null,
    receipts bigint not null,
    backed_up bigint not null         -- highest receipt seq that lies in a verified backup
);

-- Records that could not be read, with the reason; the sealed original stays in the inbox.
create table if not exists quarantine (
    record_id varchar not null,
    rev varchar not null,
    device varchar not null,
    reason varchar not null,
    received bigint not null
);

-- Record versions that the current_ views leave out: held, superseded, withdrawn, or without consent to the interview.
create table if not exists not_counted (
    record_id varchar not null
);

-- What quality checks found; a row may name a question and a member, never a value.
create table if not exists flag (
    record_id varchar not null,
    code varchar not null,
    severity varchar not null,        -- note, warning, blocking
    name varchar,
    row_id varchar
);

-- What people of the office decided about held or flagged records. Rows are added, never changed.
create table if not exists decision (
    record_id varchar not null,
    decided varchar not null,         -- accept, hold, return
    by_whom varchar not null,
    decided_at varchar not null,
    comment varchar not null
);

-- Keyed hashes of record ids that must never come back.
create table if not exists tombstone (
    mark varchar not null
);

-- Identities that consent to re-contact or referral lets the office keep: still sealed, as the phone made them.
create table if not exists vault (
    record_id varchar not null,
    root varchar not null,
    envelope varchar not null,
    sealed varchar not null,
    recontact boolean not null,
    referral boolean not null
);

-- Of members whose home consented to linking: a value that is the same in every round. Only linking rounds and the search
-- for people counted twice read it.
create table if not exists link_token (
    record_id varchar not null,
    person_key uuid not null,
    token uuid not null
);

-- The pseudonym keys of each round: fixed by its first record, so that rotation never splits a round.
create table if not exists round_key (
    round varchar not null,
    purpose varchar not null,
    kid varchar not null
);

-- Rounds whose derived columns were computed again: records of the round that name `asked` follow the rules of another version.
create table if not exists derivation (
    round varchar not null,
    questionnaire_id varchar not null,
    asked varchar not null,
    rules varchar not null
);

-- Withdrawals whose traces outside the warehouse are still to be removed.
create table if not exists erasure (
    record_id varchar not null,
    asked varchar not null,
    code varchar                      -- keyed hash of the code on the slip, for the proof
);
alter table erasure add column if not exists code varchar;
