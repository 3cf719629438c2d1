-- A database as the third schema left it, with something of every kind in it: written with the commands of then,
-- state as the server keeps it. Users 1 and 5 are gone, so that the next id is not the highest plus one.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE refinery_schema_history(
             version int4 PRIMARY KEY,
             name VARCHAR(255),
             applied_on VARCHAR(255),
             checksum VARCHAR(255));
INSERT INTO refinery_schema_history VALUES(1,'schema','2026-11-28T05:41:18.644863599Z','13434452463985882096');
INSERT INTO refinery_schema_history VALUES(2,'people','2026-11-28T05:41:18.644884811Z','17100908785092227673');
INSERT INTO refinery_schema_history VALUES(3,'phone_book','2026-11-28T05:41:18.644886694Z','11384163018482069684');
CREATE TABLE server (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    uuid TEXT NOT NULL CHECK (length(uuid) = 36 AND uuid NOT GLOB '*[^-0-9a-f]*')
) STRICT;
INSERT INTO server VALUES(1,'7b7a8f3c-d72c-4981-8367-23a679537ebe');
CREATE TABLE setting (
    key TEXT PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 64 AND key NOT GLOB '*[^a-z0-9_.]*'),
    value TEXT NOT NULL CHECK (length(value) <= 4096 AND value NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*')
) STRICT, WITHOUT ROWID;
INSERT INTO setting VALUES('client.port','5004');
INSERT INTO setting VALUES('context_separation','true');
CREATE TABLE presence_group (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    name TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (length(name) BETWEEN 1 AND 64 AND name NOT GLOB '*[^-_A-Za-z0-9]*'),
    description TEXT NOT NULL CHECK (length(description) <= 255 AND description NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    deletable INTEGER NOT NULL CHECK (deletable IN (0, 1))
) STRICT;
INSERT INTO presence_group VALUES(1,1,'xivo','Default presences',0);
INSERT INTO presence_group VALUES(2,1,'shop','',1);
CREATE TABLE presence (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    group_id INTEGER NOT NULL REFERENCES presence_group (id) DEFERRABLE INITIALLY DEFERRED,
    position INTEGER NOT NULL CHECK (position BETWEEN 0 AND 4294967295),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 64 AND name NOT GLOB '*[^-_A-Za-z0-9]*'),
    display TEXT NOT NULL CHECK (length(display) BETWEEN 1 AND 64 AND display NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    color TEXT NOT NULL CHECK (color GLOB '#[0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F]'),
    UNIQUE (group_id, name),
    UNIQUE (group_id, position),
    -- For presence_transition: both ends stand in one group.
    UNIQUE (id, group_id)
) STRICT;
INSERT INTO presence VALUES(1,1,1,1,'available','Available','#9BC920');
INSERT INTO presence VALUES(2,1,1,2,'away','Away','#FFDD00');
INSERT INTO presence VALUES(3,1,1,3,'outtolunch','Out to lunch','#6CA6FF');
INSERT INTO presence VALUES(4,1,1,4,'donotdisturb','Do not disturb','#D13224');
INSERT INTO presence VALUES(5,1,1,5,'berightback','Be right back','#F2833A');
INSERT INTO presence VALUES(6,1,1,6,'disconnected','Disconnected','#9E9E9E');
INSERT INTO presence VALUES(7,1,2,1,'available','Available','#9BC920');
INSERT INTO presence VALUES(8,1,2,2,'away','Away','#FFDD00');
INSERT INTO presence VALUES(9,1,2,3,'outtolunch','Out to lunch','#6CA6FF');
INSERT INTO presence VALUES(10,1,2,4,'donotdisturb','Do not disturb','#D13224');
INSERT INTO presence VALUES(11,1,2,5,'berightback','Be right back','#F2833A');
INSERT INTO presence VALUES(12,1,2,6,'disconnected','Disconnected','#9E9E9E');
INSERT INTO presence VALUES(13,1,2,7,'lunch','Lunch','#112233');
CREATE TABLE presence_transition (
    from_id INTEGER NOT NULL,
    to_id INTEGER NOT NULL,
    group_id INTEGER NOT NULL,
    PRIMARY KEY (from_id, to_id),
    CHECK (from_id <> to_id),
    FOREIGN KEY (from_id, group_id) REFERENCES presence (id, group_id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (to_id, group_id) REFERENCES presence (id, group_id) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
INSERT INTO presence_transition VALUES(1,2,1);
INSERT INTO presence_transition VALUES(1,3,1);
INSERT INTO presence_transition VALUES(1,4,1);
INSERT INTO presence_transition VALUES(1,5,1);
INSERT INTO presence_transition VALUES(2,1,1);
INSERT INTO presence_transition VALUES(2,3,1);
INSERT INTO presence_transition VALUES(2,4,1);
INSERT INTO presence_transition VALUES(2,5,1);
INSERT INTO presence_transition VALUES(3,1,1);
INSERT INTO presence_transition VALUES(3,2,1);
INSERT INTO presence_transition VALUES(3,4,1);
INSERT INTO presence_transition VALUES(3,5,1);
INSERT INTO presence_transition VALUES(4,1,1);
INSERT INTO presence_transition VALUES(4,2,1);
INSERT INTO presence_transition VALUES(4,3,1);
INSERT INTO presence_transition VALUES(4,5,1);
INSERT INTO presence_transition VALUES(5,1,1);
INSERT INTO presence_transition VALUES(5,2,1);
INSERT INTO presence_transition VALUES(5,3,1);
INSERT INTO presence_transition VALUES(5,4,1);
INSERT INTO presence_transition VALUES(7,8,2);
INSERT INTO presence_transition VALUES(7,9,2);
INSERT INTO presence_transition VALUES(7,10,2);
INSERT INTO presence_transition VALUES(7,11,2);
INSERT INTO presence_transition VALUES(8,7,2);
INSERT INTO presence_transition VALUES(8,9,2);
INSERT INTO presence_transition VALUES(8,10,2);
INSERT INTO presence_transition VALUES(8,11,2);
INSERT INTO presence_transition VALUES(9,7,2);
INSERT INTO presence_transition VALUES(9,8,2);
INSERT INTO presence_transition VALUES(9,10,2);
INSERT INTO presence_transition VALUES(9,11,2);
INSERT INTO presence_transition VALUES(10,7,2);
INSERT INTO presence_transition VALUES(10,8,2);
INSERT INTO presence_transition VALUES(10,9,2);
INSERT INTO presence_transition VALUES(10,11,2);
INSERT INTO presence_transition VALUES(11,7,2);
INSERT INTO presence_transition VALUES(11,8,2);
INSERT INTO presence_transition VALUES(11,9,2);
INSERT INTO presence_transition VALUES(11,10,2);
CREATE TABLE presence_action (
    presence_id INTEGER NOT NULL REFERENCES presence (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    position INTEGER NOT NULL CHECK (position >= 0),
    action TEXT NOT NULL,
    parameter TEXT NOT NULL,
    PRIMARY KEY (presence_id, position),
    UNIQUE (presence_id, action),
    CHECK (
        (action = 'enablednd' AND parameter IN ('true', 'false'))
        OR (action IN ('queuepause_all', 'queueunpause_all', 'agentlogoff') AND parameter = '')
    )
) STRICT, WITHOUT ROWID;
INSERT INTO presence_action VALUES(1,0,'enablednd','false');
INSERT INTO presence_action VALUES(2,0,'enablednd','false');
INSERT INTO presence_action VALUES(3,0,'enablednd','false');
INSERT INTO presence_action VALUES(4,0,'enablednd','true');
INSERT INTO presence_action VALUES(5,0,'enablednd','false');
INSERT INTO presence_action VALUES(6,0,'agentlogoff','');
INSERT INTO presence_action VALUES(7,0,'enablednd','false');
INSERT INTO presence_action VALUES(8,0,'enablednd','false');
INSERT INTO presence_action VALUES(9,0,'enablednd','false');
INSERT INTO presence_action VALUES(10,0,'enablednd','true');
INSERT INTO presence_action VALUES(11,0,'enablednd','false');
INSERT INTO presence_action VALUES(12,0,'agentlogoff','');
INSERT INTO presence_action VALUES(13,0,'enablednd','true');
CREATE TABLE phone_hint_group (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    name TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (length(name) BETWEEN 1 AND 64 AND name NOT GLOB '*[^-_A-Za-z0-9]*'),
    description TEXT NOT NULL CHECK (length(description) <= 255 AND description NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    deletable INTEGER NOT NULL CHECK (deletable IN (0, 1))
) STRICT;
INSERT INTO phone_hint_group VALUES(1,1,'xivo','Default phone hints',0);
CREATE TABLE phone_hint (
    group_id INTEGER NOT NULL REFERENCES phone_hint_group (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    number INTEGER NOT NULL CHECK (number IN (-2, -1, 0, 1, 2, 4, 8, 9, 16, 17)),
    text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 64 AND text NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    color TEXT NOT NULL CHECK (color GLOB '#[0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F]'),
    PRIMARY KEY (group_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO phone_hint VALUES(1,-2,'Removed / does not exist','#9E9E9E');
INSERT INTO phone_hint VALUES(1,-1,'Deactivated','#9E9E9E');
INSERT INTO phone_hint VALUES(1,0,'Available','#9BC920');
INSERT INTO phone_hint VALUES(1,1,'In use or calling','#D13224');
INSERT INTO phone_hint VALUES(1,2,'Busy','#D13224');
INSERT INTO phone_hint VALUES(1,4,'Unavailable','#9E9E9E');
INSERT INTO phone_hint VALUES(1,8,'Ringing','#6CA6FF');
INSERT INTO phone_hint VALUES(1,9,'In use or calling, and ringing','#D13224');
INSERT INTO phone_hint VALUES(1,16,'On hold','#FFDD00');
CREATE TABLE profile (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    -- In the case of letters they differ: `test` and `TEST` are two (rule F1).
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 3 AND 128 AND name NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    presence_group_id INTEGER NOT NULL REFERENCES presence_group (id) DEFERRABLE INITIALLY DEFERRED,
    phone_hint_group_id INTEGER NOT NULL REFERENCES phone_hint_group (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
INSERT INTO profile VALUES(1,1,'Supervisor',1,1);
INSERT INTO profile VALUES(2,2,'Agent',1,1);
INSERT INTO profile VALUES(3,4,'Client',1,1);
INSERT INTO profile VALUES(4,1,'Switchboard',1,1);
CREATE TABLE profile_service (
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    service TEXT NOT NULL CHECK (service IN (
        'enablevm', 'callrecord', 'incallrec', 'incallfilter', 'enablednd', 'fwdunc', 'fwdbusy', 'fwdrna'
    )),
    PRIMARY KEY (profile_id, service)
) STRICT, WITHOUT ROWID;
INSERT INTO profile_service VALUES(2,'incallrec');
INSERT INTO profile_service VALUES(3,'enablednd');
INSERT INTO profile_service VALUES(3,'fwdbusy');
INSERT INTO profile_service VALUES(3,'fwdrna');
INSERT INTO profile_service VALUES(3,'fwdunc');
CREATE TABLE profile_preference (
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    preference TEXT NOT NULL CHECK (preference IN (
        'loginwindow.url', 'presence.autochangestate', 'xlet.agentdetails.hideastid', 'xlet.agentdetails.hidecontext',
        'xlet.agentdetails.noqueueaction', 'xlet.agents.fontname', 'xlet.agents.fontsize', 'xlet.agents.iconsize',
        'xlet.identity.logagent', 'xlet.identity.pauseagent', 'xlet.queues.statsfetchperiod'
    )),
    value TEXT NOT NULL CHECK (length(value) BETWEEN 1 AND 2048 AND value NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    PRIMARY KEY (profile_id, preference)
) STRICT, WITHOUT ROWID;
INSERT INTO profile_preference VALUES(3,'loginwindow.url','https://example.org/?a=1');
INSERT INTO profile_preference VALUES(3,'xlet.identity.logagent','true');
CREATE TABLE profile_xlet (
    profile_id INTEGER NOT NULL REFERENCES profile (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    -- The order of insertion; the order on the wire is by number first.
    place INTEGER NOT NULL CHECK (place >= 0),
    xlet TEXT NOT NULL CHECK (xlet IN (
        'agentdetails', 'agents', 'agentstatusdashboard', 'conference', 'customerinfo', 'datetime', 'directory', 'fax',
        'features', 'history', 'identity', 'people', 'queueentrydetails', 'queuemembers', 'queues', 'switchboard', 'tabber'
    )),
    layout TEXT NOT NULL CHECK (layout IN ('dock', 'grid', 'tab')),
    number INTEGER CHECK (number BETWEEN 0 AND 999),
    floating INTEGER NOT NULL CHECK (floating IN (0, 1)),
    closable INTEGER NOT NULL CHECK (closable IN (0, 1)),
    movable INTEGER NOT NULL CHECK (movable IN (0, 1)),
    scrollable INTEGER NOT NULL CHECK (scrollable IN (0, 1)),
    PRIMARY KEY (profile_id, xlet),
    UNIQUE (profile_id, place)
) STRICT, WITHOUT ROWID;
INSERT INTO profile_xlet VALUES(1,5,'agentdetails','dock',NULL,1,1,1,1);
INSERT INTO profile_xlet VALUES(1,4,'agents','dock',NULL,1,1,1,1);
INSERT INTO profile_xlet VALUES(1,0,'identity','grid',0,1,1,1,1);
INSERT INTO profile_xlet VALUES(1,3,'queueentrydetails','dock',NULL,1,1,1,1);
INSERT INTO profile_xlet VALUES(1,2,'queuemembers','dock',NULL,1,1,1,1);
INSERT INTO profile_xlet VALUES(1,1,'queues','dock',NULL,1,1,1,1);
INSERT INTO profile_xlet VALUES(2,3,'agentdetails','dock',NULL,1,1,1,1);
INSERT INTO profile_xlet VALUES(2,2,'customerinfo','dock',NULL,1,1,1,1);
INSERT INTO profile_xlet VALUES(2,0,'identity','grid',0,1,1,1,1);
INSERT INTO profile_xlet VALUES(2,1,'queues','dock',NULL,1,1,1,1);
INSERT INTO profile_xlet VALUES(3,7,'conference','tab',6,1,1,1,1);
INSERT INTO profile_xlet VALUES(3,3,'customerinfo','tab',2,1,1,1,1);
INSERT INTO profile_xlet VALUES(3,4,'fax','tab',3,1,1,1,1);
INSERT INTO profile_xlet VALUES(3,6,'features','tab',5,1,1,1,1);
INSERT INTO profile_xlet VALUES(3,5,'history','tab',7,1,1,0,0);
INSERT INTO profile_xlet VALUES(3,0,'identity','grid',0,1,1,1,1);
INSERT INTO profile_xlet VALUES(3,2,'people','tab',0,1,1,1,1);
INSERT INTO profile_xlet VALUES(3,1,'tabber','grid',1,1,1,1,1);
INSERT INTO profile_xlet VALUES(4,2,'directory','dock',3,1,1,1,1);
INSERT INTO profile_xlet VALUES(4,0,'identity','grid',0,1,1,1,1);
INSERT INTO profile_xlet VALUES(4,1,'switchboard','dock',1,1,1,1,1);
CREATE TABLE context (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 39 AND name NOT GLOB '*[^-_A-Za-z0-9]*')
) STRICT;
INSERT INTO context VALUES(1,1,'default');
INSERT INTO context VALUES(2,1,'sales');
CREATE TABLE context_include (
    context_id INTEGER NOT NULL REFERENCES context (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    priority INTEGER NOT NULL CHECK (priority >= 0),
    included_id INTEGER NOT NULL REFERENCES context (id) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (context_id, priority),
    UNIQUE (context_id, included_id)
) STRICT, WITHOUT ROWID;
INSERT INTO context_include VALUES(2,0,1);
CREATE TABLE user (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    uuid TEXT NOT NULL UNIQUE CHECK (length(uuid) = 36 AND uuid NOT GLOB '*[^-0-9a-f]*'),
    login TEXT NOT NULL UNIQUE COLLATE NOCASE
        CHECK (length(login) BETWEEN 2 AND 64 AND login NOT GLOB '*[^-A-Za-z0-9._~!$&''()*+,;=%@]*'),
    first_name TEXT NOT NULL CHECK (length(first_name) BETWEEN 1 AND 128 AND first_name NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    last_name TEXT NOT NULL CHECK (length(last_name) <= 128 AND last_name NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    email TEXT UNIQUE COLLATE NOCASE CHECK (length(email) BETWEEN 3 AND 254 AND email GLOB '?*@?*'),
    mobile TEXT CHECK (length(mobile) BETWEEN 1 AND 80 AND mobile NOT GLOB '*[^0-9+*#]*'),
    password_hash TEXT CHECK (password_hash GLOB '$argon2id$*'),
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    profile_id INTEGER REFERENCES profile (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
INSERT INTO user VALUES(2,3,'193e4889-2469-4fdc-ac54-80bc5502a71c','alice','Alice','Archer-Lee','Alice@example.org','+33600000001','$argon2id$v=19$m=19456,t=2,p=1$HdaM2FgtRYG7sVec+4hWnA$gjRmbcjah+g/zGRKyNIrpFQ6cLcQI5qdWW5CUS6VEKc',1,3);
INSERT INTO user VALUES(3,1,'151ae0f9-2df9-4fa7-979a-6e99795ff54a','Bob','Böb','O''Hara "Jr"',NULL,NULL,NULL,0,2);
INSERT INTO user VALUES(4,1,'5e3fcb95-6877-4749-bab2-bc43c4c2c922','carol@example.org','Carol','',NULL,NULL,NULL,1,NULL);
CREATE TABLE line (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    user_id INTEGER NOT NULL REFERENCES user (id) DEFERRABLE INITIALLY DEFERRED,
    is_main INTEGER NOT NULL CHECK (is_main IN (0, 1)),
    extension TEXT NOT NULL CHECK (length(extension) BETWEEN 1 AND 40 AND extension NOT GLOB '*[^-A-Za-z0-9*#+_.]*'),
    context_id INTEGER NOT NULL REFERENCES context (id) DEFERRABLE INITIALLY DEFERRED,
    device TEXT NOT NULL CHECK (length(device) BETWEEN 3 AND 128 AND device GLOB '?*/?*' AND device NOT GLOB '*[ ,;' || char(1, 45, 31, 127, 45, 159) || ']*'),
    UNIQUE (extension, context_id)
) STRICT;
INSERT INTO line VALUES(1,2,2,0,'1001',1,'PJSIP/1001');
INSERT INTO line VALUES(2,2,2,1,'1002',2,'PJSIP/1002');
INSERT INTO line VALUES(3,1,3,1,'2001',2,'SCCP/2001');
CREATE TABLE voicemail (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    mailbox TEXT NOT NULL CHECK (length(mailbox) BETWEEN 1 AND 40 AND mailbox NOT GLOB '*[^A-Za-z0-9]*'),
    context_id INTEGER NOT NULL REFERENCES context (id) DEFERRABLE INITIALLY DEFERRED,
    user_id INTEGER UNIQUE REFERENCES user (id) DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (mailbox, context_id)
) STRICT;
INSERT INTO voicemail VALUES(1,1,'1001',1,2);
INSERT INTO voicemail VALUES(2,1,'77',2,NULL);
CREATE TABLE conference (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    number TEXT NOT NULL CHECK (length(number) BETWEEN 1 AND 40 AND number NOT GLOB '*[^A-Za-z0-9]*'),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 128 AND name NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    context_id INTEGER NOT NULL REFERENCES context (id) DEFERRABLE INITIALLY DEFERRED,
    pin TEXT CHECK (length(pin) BETWEEN 1 AND 12 AND pin NOT GLOB '*[^0-9]*'),
    UNIQUE (number, context_id)
) STRICT;
INSERT INTO conference VALUES(1,1,'4000','Board',1,'4711');
CREATE TABLE agent (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    number TEXT NOT NULL UNIQUE CHECK (length(number) BETWEEN 1 AND 40 AND number NOT GLOB '*[^A-Za-z0-9]*'),
    first_name TEXT NOT NULL CHECK (length(first_name) BETWEEN 1 AND 128 AND first_name NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    last_name TEXT NOT NULL CHECK (length(last_name) <= 128 AND last_name NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    context_id INTEGER NOT NULL REFERENCES context (id) DEFERRABLE INITIALLY DEFERRED,
    user_id INTEGER UNIQUE REFERENCES user (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
INSERT INTO agent VALUES(1,1,'8001','Agent','',2,3);
INSERT INTO agent VALUES(2,1,'8002','Spare','',1,NULL);
CREATE TABLE queue (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 128 AND name NOT GLOB '*[^-_.A-Za-z0-9]*'),
    display TEXT NOT NULL CHECK (length(display) BETWEEN 1 AND 64 AND display NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    number TEXT NOT NULL CHECK (length(number) BETWEEN 1 AND 40 AND number NOT GLOB '*[^-A-Za-z0-9*#+_.]*'),
    context_id INTEGER NOT NULL REFERENCES context (id) DEFERRABLE INITIALLY DEFERRED,
    wrapup_seconds INTEGER NOT NULL CHECK (wrapup_seconds BETWEEN 0 AND 3600),
    UNIQUE (number, context_id)
) STRICT;
INSERT INTO queue VALUES(1,2,'support','Support','3000',1,0);
CREATE TABLE queue_member (
    queue_id INTEGER NOT NULL REFERENCES queue (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    agent_id INTEGER NOT NULL REFERENCES agent (id) DEFERRABLE INITIALLY DEFERRED,
    penalty INTEGER NOT NULL CHECK (penalty BETWEEN 0 AND 100),
    PRIMARY KEY (queue_id, agent_id)
) STRICT, WITHOUT ROWID;
INSERT INTO queue_member VALUES(1,1,0);
CREATE TABLE user_state (
    user_uuid TEXT PRIMARY KEY CHECK (length(user_uuid) = 36),
    last_presence TEXT CHECK (length(last_presence) BETWEEN 1 AND 64 AND last_presence NOT GLOB '*[^-_A-Za-z0-9]*'),
    is_present INTEGER NOT NULL CHECK (is_present IN (0, 1)),
    do_not_disturb INTEGER NOT NULL CHECK (do_not_disturb IN (0, 1)),
    call_filter INTEGER NOT NULL CHECK (call_filter IN (0, 1)),
    recording INTEGER NOT NULL CHECK (recording IN (0, 1)),
    unconditional INTEGER NOT NULL CHECK (unconditional IN (0, 1)),
    unconditional_to TEXT NOT NULL,
    no_answer INTEGER NOT NULL CHECK (no_answer IN (0, 1)),
    no_answer_to TEXT NOT NULL,
    busy INTEGER NOT NULL CHECK (busy IN (0, 1)),
    busy_to TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO user_state VALUES('193e4889-2469-4fdc-ac54-80bc5502a71c','away',1,1,0,0,1,'0033',0,'',0,'');
CREATE TABLE agent_wanted (
    agent_id INTEGER PRIMARY KEY,
    is_logged_off INTEGER NOT NULL CHECK (is_logged_off IN (0, 1)),
    is_paused INTEGER CHECK (is_paused IN (0, 1))
) STRICT;
INSERT INTO agent_wanted VALUES(1,0,1);
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Unix seconds.
    at INTEGER NOT NULL DEFAULT (unixepoch()) CHECK (at > 0),
    system_user TEXT NOT NULL CHECK (length(system_user) BETWEEN 1 AND 255),
    origin TEXT NOT NULL CHECK (origin IN ('cli', 'console', 'import', 'system')),
    kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 32),
    object_id INTEGER NOT NULL,
    before TEXT CHECK (json_valid(before)),
    after TEXT CHECK (json_valid(after)),
    CHECK (before IS NOT NULL OR after IS NOT NULL)
) STRICT;
INSERT INTO audit VALUES(1,1795844478,'ctibox','system','presence_group',1,NULL,'{"id":1,"name":"xivo","description":"Default presences","deletable":false}');
INSERT INTO audit VALUES(2,1795844478,'ctibox','system','presence',1,NULL,'{"id":1,"name":"available","display":"Available","color":"#9BC920","allowed":["available","away","outtolunch","donotdisturb","berightback"],"actions":[["enablednd","false"]],"deletable":false,"group":"xivo","position":1}');
INSERT INTO audit VALUES(3,1795844478,'ctibox','system','presence',2,NULL,'{"id":2,"name":"away","display":"Away","color":"#FFDD00","allowed":["available","away","outtolunch","donotdisturb","berightback"],"actions":[["enablednd","false"]],"deletable":true,"group":"xivo","position":2}');
INSERT INTO audit VALUES(4,1795844478,'ctibox','system','presence',3,NULL,'{"id":3,"name":"outtolunch","display":"Out to lunch","color":"#6CA6FF","allowed":["available","away","outtolunch","donotdisturb","berightback"],"actions":[["enablednd","false"]],"deletable":true,"group":"xivo","position":3}');
INSERT INTO audit VALUES(5,1795844478,'ctibox','system','presence',4,NULL,'{"id":4,"name":"donotdisturb","display":"Do not disturb","color":"#D13224","allowed":["available","away","outtolunch","donotdisturb","berightback"],"actions":[["enablednd","true"]],"deletable":true,"group":"xivo","position":4}');
INSERT INTO audit VALUES(6,1795844478,'ctibox','system','presence',5,NULL,'{"id":5,"name":"berightback","display":"Be right back","color":"#F2833A","allowed":["available","away","outtolunch","donotdisturb","berightback"],"actions":[["enablednd","false"]],"deletable":true,"group":"xivo","position":5}');
INSERT INTO audit VALUES(7,1795844478,'ctibox','system','presence',6,NULL,'{"id":6,"name":"disconnected","display":"Disconnected","color":"#9E9E9E","allowed":[],"actions":[["agentlogoff",""]],"deletable":false,"group":"xivo","position":6}');
INSERT INTO audit VALUES(8,1795844478,'ctibox','system','phone_hint_group',1,NULL,'{"id":1,"name":"xivo","description":"Default phone hints","deletable":false,"hints":[{"number":-2,"text":"Removed / does not exist","color":"#9E9E9E"},{"number":-1,"text":"Deactivated","color":"#9E9E9E"},{"number":0,"text":"Available","color":"#9BC920"},{"number":1,"text":"In use or calling","color":"#D13224"},{"number":2,"text":"Busy","color":"#D13224"},{"number":4,"text":"Unavailable","color":"#9E9E9E"},{"number":8,"text":"Ringing","color":"#6CA6FF"},{"number":9,"text":"In use or calling, and ringing","color":"#D13224"},{"number":16,"text":"On hold","color":"#FFDD00"}]}');
INSERT INTO audit VALUES(9,1795844478,'ctibox','system','profile',1,NULL,'{"id":1,"name":"Supervisor","presence_group":"xivo","phone_hint_group":"xivo","services":[],"preferences":{},"xlets":[["identity","grid",0],["queues","dock",null],["queuemembers","dock",null],["queueentrydetails","dock",null],["agents","dock",null],["agentdetails","dock",null]]}');
INSERT INTO audit VALUES(10,1795844478,'ctibox','system','profile',2,NULL,'{"id":2,"name":"Agent","presence_group":"xivo","phone_hint_group":"xivo","services":[],"preferences":{},"xlets":[["identity","grid",0],["queues","dock",null],["customerinfo","dock",null],["agentdetails","dock",null]]}');
INSERT INTO audit VALUES(11,1795844478,'ctibox','system','profile',3,NULL,'{"id":3,"name":"Client","presence_group":"xivo","phone_hint_group":"xivo","services":["enablednd","fwdunc","fwdbusy","fwdrna"],"preferences":{},"xlets":[["identity","grid",0],["tabber","grid",1],["people","tab",0],["customerinfo","tab",2],["fax","tab",3],["history","tab",4],["features","tab",5],["conference","tab",6]]}');
INSERT INTO audit VALUES(12,1795844478,'ctibox','system','profile',4,NULL,'{"id":4,"name":"Switchboard","presence_group":"xivo","phone_hint_group":"xivo","services":[],"preferences":{},"xlets":[["identity","grid",0],["switchboard","dock",1],["directory","dock",3]]}');
INSERT INTO audit VALUES(13,1795844478,'ctibox','system','context',1,NULL,'{"id":1,"name":"default","includes":[]}');
INSERT INTO audit VALUES(14,1795844478,'root','cli','context',2,NULL,'{"id":2,"name":"sales","includes":["default"]}');
INSERT INTO audit VALUES(15,1795844478,'root','cli','user',1,NULL,'{"id":1,"uuid":"2f484723-b285-40d6-b172-879934fa74a3","login":"gone","first_name":"Gone","last_name":"","email":null,"mobile":null,"password_hash":null,"enabled":true,"profile":"Client"}');
INSERT INTO audit VALUES(16,1795844478,'root','cli','user',2,NULL,'{"id":2,"uuid":"193e4889-2469-4fdc-ac54-80bc5502a71c","login":"alice","first_name":"Alice","last_name":"Archer","email":"Alice@example.org","mobile":"+33600000001","password_hash":null,"enabled":true,"profile":"Client"}');
INSERT INTO audit VALUES(17,1795844479,'root','cli','user',2,'{"id":2,"uuid":"193e4889-2469-4fdc-ac54-80bc5502a71c","login":"alice","first_name":"Alice","last_name":"Archer","email":"Alice@example.org","mobile":"+33600000001","password_hash":null,"enabled":true,"profile":"Client"}','{"id":2,"uuid":"193e4889-2469-4fdc-ac54-80bc5502a71c","login":"alice","first_name":"Alice","last_name":"Archer","email":"Alice@example.org","mobile":"+33600000001","password_hash":"set","enabled":true,"profile":"Client"}');
INSERT INTO audit VALUES(18,1795844479,'root','cli','user',3,NULL,'{"id":3,"uuid":"151ae0f9-2df9-4fa7-979a-6e99795ff54a","login":"Bob","first_name":"Böb","last_name":"O''Hara \"Jr\"","email":null,"mobile":null,"password_hash":null,"enabled":false,"profile":"Agent"}');
INSERT INTO audit VALUES(19,1795844479,'root','cli','user',4,NULL,'{"id":4,"uuid":"5e3fcb95-6877-4749-bab2-bc43c4c2c922","login":"carol@example.org","first_name":"Carol","last_name":"","email":null,"mobile":null,"password_hash":null,"enabled":true,"profile":null}');
INSERT INTO audit VALUES(20,1795844479,'root','cli','user',5,NULL,'{"id":5,"uuid":"4a6a76f6-7fa4-45eb-847b-efadc999f73b","login":"newest","first_name":"Newest","last_name":"","email":null,"mobile":null,"password_hash":null,"enabled":true,"profile":null}');
INSERT INTO audit VALUES(21,1795844479,'root','cli','user',1,'{"id":1,"uuid":"2f484723-b285-40d6-b172-879934fa74a3","login":"gone","first_name":"Gone","last_name":"","email":null,"mobile":null,"password_hash":null,"enabled":true,"profile":"Client"}',NULL);
INSERT INTO audit VALUES(22,1795844479,'root','cli','user',5,'{"id":5,"uuid":"4a6a76f6-7fa4-45eb-847b-efadc999f73b","login":"newest","first_name":"Newest","last_name":"","email":null,"mobile":null,"password_hash":null,"enabled":true,"profile":null}',NULL);
INSERT INTO audit VALUES(23,1795844479,'root','cli','line',1,NULL,'{"id":1,"extension":"1001","context":"default","user":"alice","device":"PJSIP/1001","main":true}');
INSERT INTO audit VALUES(24,1795844479,'root','cli','line',1,'{"id":1,"extension":"1001","context":"default","user":"alice","device":"PJSIP/1001","main":true}','{"id":1,"extension":"1001","context":"default","user":"alice","device":"PJSIP/1001","main":false}');
INSERT INTO audit VALUES(25,1795844479,'root','cli','line',2,NULL,'{"id":2,"extension":"1002","context":"sales","user":"alice","device":"PJSIP/1002","main":true}');
INSERT INTO audit VALUES(26,1795844479,'root','cli','line',3,NULL,'{"id":3,"extension":"2001","context":"sales","user":"Bob","device":"SCCP/2001","main":true}');
INSERT INTO audit VALUES(27,1795844479,'root','cli','voicemail',1,NULL,'{"id":1,"mailbox":"1001","context":"default","user":"alice"}');
INSERT INTO audit VALUES(28,1795844480,'root','cli','voicemail',2,NULL,'{"id":2,"mailbox":"77","context":"sales","user":null}');
INSERT INTO audit VALUES(29,1795844480,'root','cli','agent',1,NULL,'{"id":1,"number":"8001","first_name":"Agent","last_name":"","context":"sales","user":"Bob"}');
INSERT INTO audit VALUES(30,1795844480,'root','cli','agent',2,NULL,'{"id":2,"number":"8002","first_name":"Spare","last_name":"","context":"default","user":null}');
INSERT INTO audit VALUES(31,1795844480,'root','cli','queue',1,NULL,'{"id":1,"name":"support","display":"Support","number":"3000","context":"default","wrapup_seconds":0,"members":[]}');
INSERT INTO audit VALUES(32,1795844480,'root','cli','queue',1,'{"id":1,"name":"support","display":"Support","number":"3000","context":"default","wrapup_seconds":0,"members":[]}','{"id":1,"name":"support","display":"Support","number":"3000","context":"default","wrapup_seconds":0,"members":[{"agent":"8001","penalty":0}]}');
INSERT INTO audit VALUES(33,1795844480,'root','cli','conference',1,NULL,'{"id":1,"number":"4000","name":"Board","context":"default","pin":"set"}');
INSERT INTO audit VALUES(34,1795844480,'root','cli','phone_book_entry',1,NULL,'{"id":1,"first_name":null,"last_name":"Roe","number":"+15145550001","mobile":null,"email":null,"company":null,"fax":null,"context":"sales"}');
INSERT INTO audit VALUES(35,1795844480,'root','cli','profile',3,'{"id":3,"name":"Client","presence_group":"xivo","phone_hint_group":"xivo","services":["enablednd","fwdunc","fwdbusy","fwdrna"],"preferences":{},"xlets":[["identity","grid",0],["tabber","grid",1],["people","tab",0],["customerinfo","tab",2],["fax","tab",3],["history","tab",4],["features","tab",5],["conference","tab",6]]}','{"id":3,"name":"Client","presence_group":"xivo","phone_hint_group":"xivo","services":["enablednd","fwdunc","fwdbusy","fwdrna"],"preferences":{"xlet.identity.logagent":"true"},"xlets":[["identity","grid",0],["tabber","grid",1],["people","tab",0],["customerinfo","tab",2],["fax","tab",3],["history","tab",4],["features","tab",5],["conference","tab",6]]}');
INSERT INTO audit VALUES(36,1795844480,'root','cli','profile',3,'{"id":3,"name":"Client","presence_group":"xivo","phone_hint_group":"xivo","services":["enablednd","fwdunc","fwdbusy","fwdrna"],"preferences":{"xlet.identity.logagent":"true"},"xlets":[["identity","grid",0],["tabber","grid",1],["people","tab",0],["customerinfo","tab",2],["fax","tab",3],["history","tab",4],["features","tab",5],["conference","tab",6]]}','{"id":3,"name":"Client","presence_group":"xivo","phone_hint_group":"xivo","services":["enablednd","fwdunc","fwdbusy","fwdrna"],"preferences":{"loginwindow.url":"https://example.org/?a=1","xlet.identity.logagent":"true"},"xlets":[["identity","grid",0],["tabber","grid",1],["people","tab",0],["customerinfo","tab",2],["fax","tab",3],["history","tab",4],["features","tab",5],["conference","tab",6]]}');
INSERT INTO audit VALUES(37,1795844480,'root','cli','profile',2,'{"id":2,"name":"Agent","presence_group":"xivo","phone_hint_group":"xivo","services":[],"preferences":{},"xlets":[["identity","grid",0],["queues","dock",null],["customerinfo","dock",null],["agentdetails","dock",null]]}','{"id":2,"name":"Agent","presence_group":"xivo","phone_hint_group":"xivo","services":["incallrec"],"preferences":{},"xlets":[["identity","grid",0],["queues","dock",null],["customerinfo","dock",null],["agentdetails","dock",null]]}');
INSERT INTO audit VALUES(38,1795844480,'root','cli','presence_group',2,NULL,'{"id":2,"name":"shop","description":"","deletable":true}');
INSERT INTO audit VALUES(39,1795844480,'root','cli','presence',7,NULL,'{"id":7,"name":"available","display":"Available","color":"#9BC920","allowed":["available","away","outtolunch","donotdisturb","berightback"],"actions":[["enablednd","false"]],"deletable":false,"group":"shop","position":1}');
INSERT INTO audit VALUES(40,1795844480,'root','cli','presence',8,NULL,'{"id":8,"name":"away","display":"Away","color":"#FFDD00","allowed":["available","away","outtolunch","donotdisturb","berightback"],"actions":[["enablednd","false"]],"deletable":true,"group":"shop","position":2}');
INSERT INTO audit VALUES(41,1795844480,'root','cli','presence',9,NULL,'{"id":9,"name":"outtolunch","display":"Out to lunch","color":"#6CA6FF","allowed":["available","away","outtolunch","donotdisturb","berightback"],"actions":[["enablednd","false"]],"deletable":true,"group":"shop","position":3}');
INSERT INTO audit VALUES(42,1795844480,'root','cli','presence',10,NULL,'{"id":10,"name":"donotdisturb","display":"Do not disturb","color":"#D13224","allowed":["available","away","outtolunch","donotdisturb","berightback"],"actions":[["enablednd","true"]],"deletable":true,"group":"shop","position":4}');
INSERT INTO audit VALUES(43,1795844480,'root','cli','presence',11,NULL,'{"id":11,"name":"berightback","display":"Be right back","color":"#F2833A","allowed":["available","away","outtolunch","donotdisturb","berightback"],"actions":[["enablednd","false"]],"deletable":true,"group":"shop","position":5}');
INSERT INTO audit VALUES(44,1795844480,'root','cli','presence',12,NULL,'{"id":12,"name":"disconnected","display":"Disconnected","color":"#9E9E9E","allowed":[],"actions":[["agentlogoff",""]],"deletable":false,"group":"shop","position":6}');
INSERT INTO audit VALUES(45,1795844480,'root','cli','presence',13,NULL,'{"id":13,"name":"lunch","display":"Lunch","color":"#112233","allowed":[],"actions":[["enablednd","true"]],"deletable":true,"group":"shop","position":7}');
INSERT INTO audit VALUES(46,1795844480,'root','cli','setting',0,NULL,'{"key":"client.port","value":5004}');
INSERT INTO audit VALUES(47,1795844498,'root','cli','profile',3,'{"id":3,"name":"Client","presence_group":"xivo","phone_hint_group":"xivo","services":["enablednd","fwdunc","fwdbusy","fwdrna"],"preferences":{"loginwindow.url":"https://example.org/?a=1","xlet.identity.logagent":"true"},"xlets":[["identity","grid",0],["tabber","grid",1],["people","tab",0],["customerinfo","tab",2],["fax","tab",3],["history","tab",4],["features","tab",5],["conference","tab",6]]}','{"id":3,"name":"Client","presence_group":"xivo","phone_hint_group":"xivo","services":["enablednd","fwdunc","fwdbusy","fwdrna"],"preferences":{"loginwindow.url":"https://example.org/?a=1","xlet.identity.logagent":"true"},"xlets":[["identity","grid",0],["tabber","grid",1],["people","tab",0],["customerinfo","tab",2],["fax","tab",3],["history","tab",7,"fc"],["features","tab",5],["conference","tab",6]]}');
INSERT INTO audit VALUES(48,1795844498,'root','cli','setting',0,NULL,'{"key":"context_separation","value":true}');
INSERT INTO audit VALUES(49,1795844498,'root','cli','user',2,'{"id":2,"uuid":"193e4889-2469-4fdc-ac54-80bc5502a71c","login":"alice","first_name":"Alice","last_name":"Archer","email":"Alice@example.org","mobile":"+33600000001","password_hash":"set","enabled":true,"profile":"Client"}','{"id":2,"uuid":"193e4889-2469-4fdc-ac54-80bc5502a71c","login":"alice","first_name":"Alice","last_name":"Archer-Lee","email":"Alice@example.org","mobile":"+33600000001","password_hash":"set","enabled":true,"profile":"Client"}');
CREATE TABLE change (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 32),
    id INTEGER NOT NULL
) STRICT;
INSERT INTO change VALUES(1,'server',1);
INSERT INTO change VALUES(2,'presence_group',1);
INSERT INTO change VALUES(3,'presence',1);
INSERT INTO change VALUES(4,'presence',1);
INSERT INTO change VALUES(5,'presence',1);
INSERT INTO change VALUES(6,'presence',1);
INSERT INTO change VALUES(7,'presence',1);
INSERT INTO change VALUES(8,'presence',1);
INSERT INTO change VALUES(9,'presence',2);
INSERT INTO change VALUES(10,'presence',2);
INSERT INTO change VALUES(11,'presence',2);
INSERT INTO change VALUES(12,'presence',2);
INSERT INTO change VALUES(13,'presence',2);
INSERT INTO change VALUES(14,'presence',2);
INSERT INTO change VALUES(15,'presence',3);
INSERT INTO change VALUES(16,'presence',3);
INSERT INTO change VALUES(17,'presence',3);
INSERT INTO change VALUES(18,'presence',3);
INSERT INTO change VALUES(19,'presence',3);
INSERT INTO change VALUES(20,'presence',3);
INSERT INTO change VALUES(21,'presence',4);
INSERT INTO change VALUES(22,'presence',4);
INSERT INTO change VALUES(23,'presence',4);
INSERT INTO change VALUES(24,'presence',4);
INSERT INTO change VALUES(25,'presence',4);
INSERT INTO change VALUES(26,'presence',4);
INSERT INTO change VALUES(27,'presence',5);
INSERT INTO change VALUES(28,'presence',5);
INSERT INTO change VALUES(29,'presence',5);
INSERT INTO change VALUES(30,'presence',5);
INSERT INTO change VALUES(31,'presence',5);
INSERT INTO change VALUES(32,'presence',5);
INSERT INTO change VALUES(33,'presence',6);
INSERT INTO change VALUES(34,'presence',6);
INSERT INTO change VALUES(35,'phone_hint_group',1);
INSERT INTO change VALUES(36,'phone_hint_group',1);
INSERT INTO change VALUES(37,'phone_hint_group',1);
INSERT INTO change VALUES(38,'phone_hint_group',1);
INSERT INTO change VALUES(39,'phone_hint_group',1);
INSERT INTO change VALUES(40,'phone_hint_group',1);
INSERT INTO change VALUES(41,'phone_hint_group',1);
INSERT INTO change VALUES(42,'phone_hint_group',1);
INSERT INTO change VALUES(43,'phone_hint_group',1);
INSERT INTO change VALUES(44,'phone_hint_group',1);
INSERT INTO change VALUES(45,'profile',1);
INSERT INTO change VALUES(46,'profile',1);
INSERT INTO change VALUES(47,'profile',1);
INSERT INTO change VALUES(48,'profile',1);
INSERT INTO change VALUES(49,'profile',1);
INSERT INTO change VALUES(50,'profile',1);
INSERT INTO change VALUES(51,'profile',1);
INSERT INTO change VALUES(52,'profile',2);
INSERT INTO change VALUES(53,'profile',2);
INSERT INTO change VALUES(54,'profile',2);
INSERT INTO change VALUES(55,'profile',2);
INSERT INTO change VALUES(56,'profile',2);
INSERT INTO change VALUES(57,'profile',3);
INSERT INTO change VALUES(58,'profile',3);
INSERT INTO change VALUES(59,'profile',3);
INSERT INTO change VALUES(60,'profile',3);
INSERT INTO change VALUES(61,'profile',3);
INSERT INTO change VALUES(62,'profile',3);
INSERT INTO change VALUES(63,'profile',3);
INSERT INTO change VALUES(64,'profile',3);
INSERT INTO change VALUES(65,'profile',3);
INSERT INTO change VALUES(66,'profile',3);
INSERT INTO change VALUES(67,'profile',3);
INSERT INTO change VALUES(68,'profile',3);
INSERT INTO change VALUES(69,'profile',3);
INSERT INTO change VALUES(70,'profile',4);
INSERT INTO change VALUES(71,'profile',4);
INSERT INTO change VALUES(72,'profile',4);
INSERT INTO change VALUES(73,'profile',4);
INSERT INTO change VALUES(74,'context',1);
INSERT INTO change VALUES(75,'context',2);
INSERT INTO change VALUES(76,'context',2);
INSERT INTO change VALUES(77,'user',1);
INSERT INTO change VALUES(78,'user',2);
INSERT INTO change VALUES(79,'user',2);
INSERT INTO change VALUES(80,'user',3);
INSERT INTO change VALUES(81,'user',4);
INSERT INTO change VALUES(82,'user',5);
INSERT INTO change VALUES(83,'user',1);
INSERT INTO change VALUES(84,'user',5);
INSERT INTO change VALUES(85,'line',1);
INSERT INTO change VALUES(86,'line',1);
INSERT INTO change VALUES(87,'line',1);
INSERT INTO change VALUES(88,'line',2);
INSERT INTO change VALUES(89,'line',3);
INSERT INTO change VALUES(90,'voicemail',1);
INSERT INTO change VALUES(91,'voicemail',2);
INSERT INTO change VALUES(92,'agent',1);
INSERT INTO change VALUES(93,'agent',2);
INSERT INTO change VALUES(94,'queue',1);
INSERT INTO change VALUES(95,'queue',1);
INSERT INTO change VALUES(96,'queue',1);
INSERT INTO change VALUES(97,'conference',1);
INSERT INTO change VALUES(98,'phone_book_entry',1);
INSERT INTO change VALUES(99,'profile',3);
INSERT INTO change VALUES(100,'profile',3);
INSERT INTO change VALUES(101,'profile',3);
INSERT INTO change VALUES(102,'profile',3);
INSERT INTO change VALUES(103,'profile',3);
INSERT INTO change VALUES(104,'profile',3);
INSERT INTO change VALUES(105,'profile',3);
INSERT INTO change VALUES(106,'profile',3);
INSERT INTO change VALUES(107,'profile',3);
INSERT INTO change VALUES(108,'profile',3);
INSERT INTO change VALUES(109,'profile',3);
INSERT INTO change VALUES(110,'profile',3);
INSERT INTO change VALUES(111,'profile',3);
INSERT INTO change VALUES(112,'profile',3);
INSERT INTO change VALUES(113,'profile',3);
INSERT INTO change VALUES(114,'profile',3);
INSERT INTO change VALUES(115,'profile',3);
INSERT INTO change VALUES(116,'profile',3);
INSERT INTO change VALUES(117,'profile',3);
INSERT INTO change VALUES(118,'profile',3);
INSERT INTO change VALUES(119,'profile',3);
INSERT INTO change VALUES(120,'profile',3);
INSERT INTO change VALUES(121,'profile',3);
INSERT INTO change VALUES(122,'profile',3);
INSERT INTO change VALUES(123,'profile',3);
INSERT INTO change VALUES(124,'profile',3);
INSERT INTO change VALUES(125,'profile',3);
INSERT INTO change VALUES(126,'profile',3);
INSERT INTO change VALUES(127,'profile',3);
INSERT INTO change VALUES(128,'profile',3);
INSERT INTO change VALUES(129,'profile',3);
INSERT INTO change VALUES(130,'profile',3);
INSERT INTO change VALUES(131,'profile',3);
INSERT INTO change VALUES(132,'profile',3);
INSERT INTO change VALUES(133,'profile',3);
INSERT INTO change VALUES(134,'profile',3);
INSERT INTO change VALUES(135,'profile',3);
INSERT INTO change VALUES(136,'profile',3);
INSERT INTO change VALUES(137,'profile',3);
INSERT INTO change VALUES(138,'profile',3);
INSERT INTO change VALUES(139,'profile',3);
INSERT INTO change VALUES(140,'profile',3);
INSERT INTO change VALUES(141,'profile',3);
INSERT INTO change VALUES(142,'profile',3);
INSERT INTO change VALUES(143,'profile',3);
INSERT INTO change VALUES(144,'profile',3);
INSERT INTO change VALUES(145,'profile',3);
INSERT INTO change VALUES(146,'profile',3);
INSERT INTO change VALUES(147,'profile',3);
INSERT INTO change VALUES(148,'profile',3);
INSERT INTO change VALUES(149,'profile',3);
INSERT INTO change VALUES(150,'profile',3);
INSERT INTO change VALUES(151,'profile',3);
INSERT INTO change VALUES(152,'profile',3);
INSERT INTO change VALUES(153,'profile',2);
INSERT INTO change VALUES(154,'profile',2);
INSERT INTO change VALUES(155,'profile',2);
INSERT INTO change VALUES(156,'profile',2);
INSERT INTO change VALUES(157,'profile',2);
INSERT INTO change VALUES(158,'profile',2);
INSERT INTO change VALUES(159,'profile',2);
INSERT INTO change VALUES(160,'profile',2);
INSERT INTO change VALUES(161,'profile',2);
INSERT INTO change VALUES(162,'profile',2);
INSERT INTO change VALUES(163,'presence_group',2);
INSERT INTO change VALUES(164,'presence',7);
INSERT INTO change VALUES(165,'presence',7);
INSERT INTO change VALUES(166,'presence',7);
INSERT INTO change VALUES(167,'presence',7);
INSERT INTO change VALUES(168,'presence',7);
INSERT INTO change VALUES(169,'presence',7);
INSERT INTO change VALUES(170,'presence',8);
INSERT INTO change VALUES(171,'presence',8);
INSERT INTO change VALUES(172,'presence',8);
INSERT INTO change VALUES(173,'presence',8);
INSERT INTO change VALUES(174,'presence',8);
INSERT INTO change VALUES(175,'presence',8);
INSERT INTO change VALUES(176,'presence',9);
INSERT INTO change VALUES(177,'presence',9);
INSERT INTO change VALUES(178,'presence',9);
INSERT INTO change VALUES(179,'presence',9);
INSERT INTO change VALUES(180,'presence',9);
INSERT INTO change VALUES(181,'presence',9);
INSERT INTO change VALUES(182,'presence',10);
INSERT INTO change VALUES(183,'presence',10);
INSERT INTO change VALUES(184,'presence',10);
INSERT INTO change VALUES(185,'presence',10);
INSERT INTO change VALUES(186,'presence',10);
INSERT INTO change VALUES(187,'presence',10);
INSERT INTO change VALUES(188,'presence',11);
INSERT INTO change VALUES(189,'presence',11);
INSERT INTO change VALUES(190,'presence',11);
INSERT INTO change VALUES(191,'presence',11);
INSERT INTO change VALUES(192,'presence',11);
INSERT INTO change VALUES(193,'presence',11);
INSERT INTO change VALUES(194,'presence',12);
INSERT INTO change VALUES(195,'presence',12);
INSERT INTO change VALUES(196,'presence',13);
INSERT INTO change VALUES(197,'presence',13);
INSERT INTO change VALUES(198,'setting',0);
INSERT INTO change VALUES(199,'profile',3);
INSERT INTO change VALUES(200,'profile',3);
INSERT INTO change VALUES(201,'profile',3);
INSERT INTO change VALUES(202,'profile',3);
INSERT INTO change VALUES(203,'profile',3);
INSERT INTO change VALUES(204,'profile',3);
INSERT INTO change VALUES(205,'profile',3);
INSERT INTO change VALUES(206,'profile',3);
INSERT INTO change VALUES(207,'profile',3);
INSERT INTO change VALUES(208,'profile',3);
INSERT INTO change VALUES(209,'profile',3);
INSERT INTO change VALUES(210,'profile',3);
INSERT INTO change VALUES(211,'profile',3);
INSERT INTO change VALUES(212,'profile',3);
INSERT INTO change VALUES(213,'profile',3);
INSERT INTO change VALUES(214,'profile',3);
INSERT INTO change VALUES(215,'profile',3);
INSERT INTO change VALUES(216,'profile',3);
INSERT INTO change VALUES(217,'profile',3);
INSERT INTO change VALUES(218,'profile',3);
INSERT INTO change VALUES(219,'profile',3);
INSERT INTO change VALUES(220,'profile',3);
INSERT INTO change VALUES(221,'profile',3);
INSERT INTO change VALUES(222,'profile',3);
INSERT INTO change VALUES(223,'profile',3);
INSERT INTO change VALUES(224,'profile',3);
INSERT INTO change VALUES(225,'profile',3);
INSERT INTO change VALUES(226,'profile',3);
INSERT INTO change VALUES(227,'profile',3);
INSERT INTO change VALUES(228,'setting',0);
INSERT INTO change VALUES(229,'user',2);
CREATE TABLE address_book (
    user_uuid TEXT PRIMARY KEY CHECK (length(user_uuid) = 36),
    -- The highest number that a contact ever had: none is used twice.
    last_contact INTEGER NOT NULL CHECK (last_contact >= 0)
) STRICT, WITHOUT ROWID;
INSERT INTO address_book VALUES('193e4889-2469-4fdc-ac54-80bc5502a71c',3);
CREATE TABLE personal_contact (
    user_uuid TEXT NOT NULL CHECK (length(user_uuid) = 36),
    id INTEGER NOT NULL CHECK (id > 0),
    -- An object of texts by name.
    texts TEXT NOT NULL CHECK (json_valid(texts)),
    PRIMARY KEY (user_uuid, id)
) STRICT;
INSERT INTO personal_contact VALUES('193e4889-2469-4fdc-ac54-80bc5502a71c',2,'{"firstname":"Zoé","number":"1"}');
CREATE TABLE favourite (
    user_uuid TEXT NOT NULL CHECK (length(user_uuid) = 36),
    source TEXT NOT NULL CHECK (source IN ('internal', 'personal', 'phonebook')),
    -- Another user's UUID, or the number of a contact or an entry of the phone book.
    entry TEXT NOT NULL CHECK (length(entry) BETWEEN 1 AND 36),
    PRIMARY KEY (user_uuid, source, entry)
) STRICT, WITHOUT ROWID;
INSERT INTO favourite VALUES('193e4889-2469-4fdc-ac54-80bc5502a71c','internal','151ae0f9-2df9-4fa7-979a-6e99795ff54a');
INSERT INTO favourite VALUES('193e4889-2469-4fdc-ac54-80bc5502a71c','personal','2');
INSERT INTO favourite VALUES('193e4889-2469-4fdc-ac54-80bc5502a71c','phonebook','1');
CREATE TABLE kept_chat (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    to_uuid TEXT NOT NULL CHECK (length(to_uuid) = 36),
    from_uuid TEXT NOT NULL CHECK (length(from_uuid) = 36),
    -- Unix seconds.
    at INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
INSERT INTO kept_chat VALUES(2,'151ae0f9-2df9-4fa7-979a-6e99795ff54a','193e4889-2469-4fdc-ac54-80bc5502a71c',1700000001,replace('Line one\nline two','\n',char(10)));
CREATE TABLE phone_book_entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
    version INTEGER NOT NULL CHECK (version >= 1),
    -- NULL: everyone's.
    context_id INTEGER REFERENCES context (id) DEFERRABLE INITIALLY DEFERRED,
    first_name TEXT NOT NULL CHECK (length(first_name) <= 128 AND first_name NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    last_name TEXT NOT NULL CHECK (length(last_name) <= 128 AND last_name NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    number TEXT NOT NULL CHECK (length(number) <= 80 AND number NOT GLOB '*[^0-9+*#]*'),
    mobile TEXT NOT NULL CHECK (length(mobile) <= 80 AND mobile NOT GLOB '*[^0-9+*#]*'),
    email TEXT NOT NULL CHECK (email = '' OR (length(email) BETWEEN 3 AND 254 AND email GLOB '?*@?*')),
    company TEXT NOT NULL CHECK (length(company) <= 128 AND company NOT GLOB '*[' || char(1, 45, 31, 127, 45, 159) || ']*'),
    fax TEXT NOT NULL CHECK (length(fax) <= 80 AND fax NOT GLOB '*[^0-9+*#]*'),
    CHECK (first_name || last_name || company || number || mobile <> '')
) STRICT;
INSERT INTO phone_book_entry VALUES(1,1,2,'','Roe','+15145550001','','','','');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('change',229);
INSERT INTO sqlite_sequence VALUES('presence_group',2);
INSERT INTO sqlite_sequence VALUES('presence',13);
INSERT INTO sqlite_sequence VALUES('phone_hint_group',1);
INSERT INTO sqlite_sequence VALUES('profile',4);
INSERT INTO sqlite_sequence VALUES('context',2);
INSERT INTO sqlite_sequence VALUES('audit',49);
INSERT INTO sqlite_sequence VALUES('user',5);
INSERT INTO sqlite_sequence VALUES('line',3);
INSERT INTO sqlite_sequence VALUES('voicemail',2);
INSERT INTO sqlite_sequence VALUES('agent',2);
INSERT INTO sqlite_sequence VALUES('queue',1);
INSERT INTO sqlite_sequence VALUES('conference',1);
INSERT INTO sqlite_sequence VALUES('phone_book_entry',1);
INSERT INTO sqlite_sequence VALUES('kept_chat',2);
CREATE INDEX presence_transition_to ON presence_transition (to_id);
CREATE INDEX profile_presence_group ON profile (presence_group_id);
CREATE INDEX profile_phone_hint_group ON profile (phone_hint_group_id);
CREATE INDEX context_include_included ON context_include (included_id);
CREATE INDEX user_profile ON user (profile_id);
CREATE UNIQUE INDEX line_main ON line (user_id) WHERE is_main = 1;
CREATE INDEX line_user ON line (user_id);
CREATE INDEX line_context ON line (context_id);
CREATE INDEX voicemail_context ON voicemail (context_id);
CREATE INDEX conference_context ON conference (context_id);
CREATE INDEX agent_context ON agent (context_id);
CREATE INDEX queue_context ON queue (context_id);
CREATE INDEX queue_member_agent ON queue_member (agent_id);
CREATE INDEX audit_object ON audit (kind, object_id);
CREATE TRIGGER change_pruned AFTER INSERT ON change BEGIN
    DELETE FROM change WHERE seq <= NEW.seq - 100000;
END;
CREATE TRIGGER server_added AFTER INSERT ON server BEGIN
    INSERT INTO change (kind, id) VALUES ('server', NEW.id);
END;
CREATE TRIGGER server_edited AFTER UPDATE ON server BEGIN
    INSERT INTO change (kind, id) VALUES ('server', NEW.id);
END;
CREATE TRIGGER server_removed AFTER DELETE ON server BEGIN
    INSERT INTO change (kind, id) VALUES ('server', OLD.id);
END;
CREATE TRIGGER setting_added AFTER INSERT ON setting BEGIN
    INSERT INTO change (kind, id) VALUES ('setting', 0);
END;
CREATE TRIGGER setting_edited AFTER UPDATE ON setting BEGIN
    INSERT INTO change (kind, id) VALUES ('setting', 0);
END;
CREATE TRIGGER setting_removed AFTER DELETE ON setting BEGIN
    INSERT INTO change (kind, id) VALUES ('setting', 0);
END;
CREATE TRIGGER presence_group_added AFTER INSERT ON presence_group BEGIN
    INSERT INTO change (kind, id) VALUES ('presence_group', NEW.id);
END;
CREATE TRIGGER presence_group_edited AFTER UPDATE ON presence_group BEGIN
    INSERT INTO change (kind, id) VALUES ('presence_group', NEW.id);
END;
CREATE TRIGGER presence_group_removed AFTER DELETE ON presence_group BEGIN
    INSERT INTO change (kind, id) VALUES ('presence_group', OLD.id);
END;
CREATE TRIGGER presence_added AFTER INSERT ON presence BEGIN
    INSERT INTO change (kind, id) VALUES ('presence', NEW.id);
END;
CREATE TRIGGER presence_edited AFTER UPDATE ON presence BEGIN
    INSERT INTO change (kind, id) VALUES ('presence', NEW.id);
END;
CREATE TRIGGER presence_removed AFTER DELETE ON presence BEGIN
    INSERT INTO change (kind, id) VALUES ('presence', OLD.id);
END;
CREATE TRIGGER presence_transition_added AFTER INSERT ON presence_transition BEGIN
    INSERT INTO change (kind, id) VALUES ('presence', NEW.from_id);
END;
CREATE TRIGGER presence_transition_edited AFTER UPDATE ON presence_transition BEGIN
    INSERT INTO change (kind, id) VALUES ('presence', NEW.from_id);
END;
CREATE TRIGGER presence_transition_removed AFTER DELETE ON presence_transition BEGIN
    INSERT INTO change (kind, id) VALUES ('presence', OLD.from_id);
END;
CREATE TRIGGER presence_action_added AFTER INSERT ON presence_action BEGIN
    INSERT INTO change (kind, id) VALUES ('presence', NEW.presence_id);
END;
CREATE TRIGGER presence_action_edited AFTER UPDATE ON presence_action BEGIN
    INSERT INTO change (kind, id) VALUES ('presence', NEW.presence_id);
END;
CREATE TRIGGER presence_action_removed AFTER DELETE ON presence_action BEGIN
    INSERT INTO change (kind, id) VALUES ('presence', OLD.presence_id);
END;
CREATE TRIGGER phone_hint_group_added AFTER INSERT ON phone_hint_group BEGIN
    INSERT INTO change (kind, id) VALUES ('phone_hint_group', NEW.id);
END;
CREATE TRIGGER phone_hint_group_edited AFTER UPDATE ON phone_hint_group BEGIN
    INSERT INTO change (kind, id) VALUES ('phone_hint_group', NEW.id);
END;
CREATE TRIGGER phone_hint_group_removed AFTER DELETE ON phone_hint_group BEGIN
    INSERT INTO change (kind, id) VALUES ('phone_hint_group', OLD.id);
END;
CREATE TRIGGER phone_hint_added AFTER INSERT ON phone_hint BEGIN
    INSERT INTO change (kind, id) VALUES ('phone_hint_group', NEW.group_id);
END;
CREATE TRIGGER phone_hint_edited AFTER UPDATE ON phone_hint BEGIN
    INSERT INTO change (kind, id) VALUES ('phone_hint_group', NEW.group_id);
END;
CREATE TRIGGER phone_hint_removed AFTER DELETE ON phone_hint BEGIN
    INSERT INTO change (kind, id) VALUES ('phone_hint_group', OLD.group_id);
END;
CREATE TRIGGER profile_added AFTER INSERT ON profile BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', NEW.id);
END;
CREATE TRIGGER profile_edited AFTER UPDATE ON profile BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', NEW.id);
END;
CREATE TRIGGER profile_removed AFTER DELETE ON profile BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', OLD.id);
END;
CREATE TRIGGER profile_service_added AFTER INSERT ON profile_service BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', NEW.profile_id);
END;
CREATE TRIGGER profile_service_edited AFTER UPDATE ON profile_service BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', NEW.profile_id);
END;
CREATE TRIGGER profile_service_removed AFTER DELETE ON profile_service BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', OLD.profile_id);
END;
CREATE TRIGGER profile_preference_added AFTER INSERT ON profile_preference BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', NEW.profile_id);
END;
CREATE TRIGGER profile_preference_edited AFTER UPDATE ON profile_preference BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', NEW.profile_id);
END;
CREATE TRIGGER profile_preference_removed AFTER DELETE ON profile_preference BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', OLD.profile_id);
END;
CREATE TRIGGER profile_xlet_added AFTER INSERT ON profile_xlet BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', NEW.profile_id);
END;
CREATE TRIGGER profile_xlet_edited AFTER UPDATE ON profile_xlet BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', NEW.profile_id);
END;
CREATE TRIGGER profile_xlet_removed AFTER DELETE ON profile_xlet BEGIN
    INSERT INTO change (kind, id) VALUES ('profile', OLD.profile_id);
END;
CREATE TRIGGER context_added AFTER INSERT ON context BEGIN
    INSERT INTO change (kind, id) VALUES ('context', NEW.id);
END;
CREATE TRIGGER context_edited AFTER UPDATE ON context BEGIN
    INSERT INTO change (kind, id) VALUES ('context', NEW.id);
END;
CREATE TRIGGER context_removed AFTER DELETE ON context BEGIN
    INSERT INTO change (kind, id) VALUES ('context', OLD.id);
END;
CREATE TRIGGER context_include_added AFTER INSERT ON context_include BEGIN
    INSERT INTO change (kind, id) VALUES ('context', NEW.context_id);
END;
CREATE TRIGGER context_include_edited AFTER UPDATE ON context_include BEGIN
    INSERT INTO change (kind, id) VALUES ('context', NEW.context_id);
END;
CREATE TRIGGER context_include_removed AFTER DELETE ON context_include BEGIN
    INSERT INTO change (kind, id) VALUES ('context', OLD.context_id);
END;
CREATE TRIGGER user_added AFTER INSERT ON user BEGIN
    INSERT INTO change (kind, id) VALUES ('user', NEW.id);
END;
CREATE TRIGGER user_edited AFTER UPDATE ON user BEGIN
    INSERT INTO change (kind, id) VALUES ('user', NEW.id);
END;
CREATE TRIGGER user_removed AFTER DELETE ON user BEGIN
    INSERT INTO change (kind, id) VALUES ('user', OLD.id);
END;
CREATE TRIGGER line_added AFTER INSERT ON line BEGIN
    INSERT INTO change (kind, id) VALUES ('line', NEW.id);
END;
CREATE TRIGGER line_edited AFTER UPDATE ON line BEGIN
    INSERT INTO change (kind, id) VALUES ('line', NEW.id);
END;
CREATE TRIGGER line_removed AFTER DELETE ON line BEGIN
    INSERT INTO change (kind, id) VALUES ('line', OLD.id);
END;
CREATE TRIGGER voicemail_added AFTER INSERT ON voicemail BEGIN
    INSERT INTO change (kind, id) VALUES ('voicemail', NEW.id);
END;
CREATE TRIGGER voicemail_edited AFTER UPDATE ON voicemail BEGIN
    INSERT INTO change (kind, id) VALUES ('voicemail', NEW.id);
END;
CREATE TRIGGER voicemail_removed AFTER DELETE ON voicemail BEGIN
    INSERT INTO change (kind, id) VALUES ('voicemail', OLD.id);
END;
CREATE TRIGGER conference_added AFTER INSERT ON conference BEGIN
    INSERT INTO change (kind, id) VALUES ('conference', NEW.id);
END;
CREATE TRIGGER conference_edited AFTER UPDATE ON conference BEGIN
    INSERT INTO change (kind, id) VALUES ('conference', NEW.id);
END;
CREATE TRIGGER conference_removed AFTER DELETE ON conference BEGIN
    INSERT INTO change (kind, id) VALUES ('conference', OLD.id);
END;
CREATE TRIGGER agent_added AFTER INSERT ON agent BEGIN
    INSERT INTO change (kind, id) VALUES ('agent', NEW.id);
END;
CREATE TRIGGER agent_edited AFTER UPDATE ON agent BEGIN
    INSERT INTO change (kind, id) VALUES ('agent', NEW.id);
END;
CREATE TRIGGER agent_removed AFTER DELETE ON agent BEGIN
    INSERT INTO change (kind, id) VALUES ('agent', OLD.id);
END;
CREATE TRIGGER queue_added AFTER INSERT ON queue BEGIN
    INSERT INTO change (kind, id) VALUES ('queue', NEW.id);
END;
CREATE TRIGGER queue_edited AFTER UPDATE ON queue BEGIN
    INSERT INTO change (kind, id) VALUES ('queue', NEW.id);
END;
CREATE TRIGGER queue_removed AFTER DELETE ON queue BEGIN
    INSERT INTO change (kind, id) VALUES ('queue', OLD.id);
END;
CREATE TRIGGER queue_member_added AFTER INSERT ON queue_member BEGIN
    INSERT INTO change (kind, id) VALUES ('queue', NEW.queue_id);
END;
CREATE TRIGGER queue_member_edited AFTER UPDATE ON queue_member BEGIN
    INSERT INTO change (kind, id) VALUES ('queue', NEW.queue_id);
END;
CREATE TRIGGER queue_member_removed AFTER DELETE ON queue_member BEGIN
    INSERT INTO change (kind, id) VALUES ('queue', OLD.queue_id);
END;
CREATE INDEX kept_chat_to ON kept_chat (to_uuid);
CREATE INDEX phone_book_entry_context ON phone_book_entry (context_id);
CREATE TRIGGER phone_book_entry_added AFTER INSERT ON phone_book_entry BEGIN
    INSERT INTO change (kind, id) VALUES ('phone_book_entry', NEW.id);
END;
CREATE TRIGGER phone_book_entry_edited AFTER UPDATE ON phone_book_entry BEGIN
    INSERT INTO change (kind, id) VALUES ('phone_book_entry', NEW.id);
END;
CREATE TRIGGER phone_book_entry_removed AFTER DELETE ON phone_book_entry BEGIN
    INSERT INTO change (kind, id) VALUES ('phone_book_entry', OLD.id);
END;
COMMIT;
PRAGMA application_id = 1668573538;
PRAGMA user_version = 3;
