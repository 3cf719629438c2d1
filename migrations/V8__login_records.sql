-- What is remembered of logins, for the throttle: state, as in V1 neither audited nor in change. A login here is whatever
-- text was tried, folded; nobody need have it.

PRAGMA user_version = 8;

CREATE TABLE login_failure (
    login TEXT NOT NULL CHECK (length(login) <= 128),
    -- An IPv4 address, or the /64 of an IPv6 address.
    address TEXT NOT NULL CHECK (length(address) BETWEEN 1 AND 64),
    -- Since 1970.
    minute INTEGER NOT NULL,
    failures INTEGER NOT NULL CHECK (failures > 0),
    PRIMARY KEY (login, address, minute)
) STRICT, WITHOUT ROWID;
CREATE INDEX login_failure_minute ON login_failure (minute);

CREATE TABLE login_success (
    login TEXT NOT NULL CHECK (length(login) <= 128),
    address TEXT NOT NULL CHECK (length(address) BETWEEN 1 AND 64),
    -- Of the last one, since 1970.
    day INTEGER NOT NULL,
    PRIMARY KEY (login, address)
) STRICT, WITHOUT ROWID;
