PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE migrations (
    number INTEGER NOT NULL PRIMARY KEY, checksum TEXT NOT NULL) STRICT;
INSERT INTO migrations VALUES(1,'71d3f0717bec26a601fa597e8d8ebd41db8a871c2dff1ccd055acab0f59e9f03');
INSERT INTO migrations VALUES(2,'d548c625876a0e4db3cdb0fbcaeb9736c183f636fdc87744b93c6886439d50dd');
INSERT INTO migrations VALUES(3,'75cdbacd348b98934a2ba266c27330be2014164e78982b37ee7d92b7164b4ac7');
INSERT INTO migrations VALUES(4,'61683954e1737bf622c84e2e60b26cec11711349e18275edeac1348c73ab01b0');
CREATE TABLE installation (
  one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  id TEXT NOT NULL
) STRICT;
INSERT INTO installation VALUES(1,'b7bf2324-04d5-482d-bf53-b7884435152a');
CREATE TABLE master_keys (
  n INTEGER NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  check_value BLOB NOT NULL,
  state TEXT NOT NULL
) STRICT;
INSERT INTO master_keys VALUES(1,'test',X'cbdd19dc97ed2e0afdebd53fa256664cd79c0658324e7cf13e1af2ad22af3ffa','writer');
CREATE TABLE sealed_keys (
  name TEXT NOT NULL,
  generation INTEGER NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (name, generation)
) STRICT;
INSERT INTO sealed_keys VALUES('audit',1,X'fef7a608390c74342a561fd9157fd63a5e901c61b63697a66fe8dbafadf538029870c0ff65587674e339c370e2a3f16f3e15b1858ad778da0679073e');
INSERT INTO sealed_keys VALUES('head-sign',1,X'8d3e6056db435b3d64ad5636048be75aa68233ce97749678a749c69d492634a998289c3ce133cb82f0e6e9fc6a2491c56dfcf17c457347ee061cdcc6');
INSERT INTO sealed_keys VALUES('attempts',1,X'e10571f03eeede8b9268e15f2710b15461cdd60ea016117a9e18e6dc8a63d4da53bbbedc9c9fc205132e5da3913fd988478781a51bc213fc6881d4ad');
CREATE TABLE audit_events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  scope TEXT NOT NULL,
  position INTEGER NOT NULL,
  key_generation INTEGER NOT NULL,
  link BLOB NOT NULL,
  event TEXT NOT NULL,
  at INTEGER NOT NULL,
  action TEXT NOT NULL,
  actor TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  UNIQUE (scope, position)
) STRICT;
INSERT INTO audit_events VALUES(1,'*',1,1,X'0dcb4dd96144401c8140e430c978c0be712ed4c87d6b3a1ebc75d41199a2d323','{"v":1,"action":"installation.create","at":"2026-11-22T03:24:06.040Z","tenant":"*","actor":{"kind":"system","id":null,"name":"first start","tenant":"*"},"address":null,"requestId":"first-start","subject":{"kind":"installation","id":"keyward"},"before":{},"after":{},"detail":{"roles":["ops","admin","viewer","service","nx1_app_manager","nx1_ask","nx1_engineer","nx1_ingest","nx1_monitor","nx1_monitor_admin"]}}',1795317846040,'installation.create','system','installation','keyward');
INSERT INTO audit_events VALUES(2,'*',2,1,X'a16dff403a7684d2c856e066bc797b832735b0ea75d12f0145325db30cfa9987','{"v":1,"action":"person.create","at":"2026-11-22T03:24:06.040Z","tenant":"*","actor":{"kind":"system","id":null,"name":"first start","tenant":"*"},"address":null,"requestId":"first-start","subject":{"kind":"person","id":"e3be1b5f-d1f6-4e9d-8600-94287e8e17a0"},"before":{},"after":{"username":"ops","tenant":"*","roles":["ops"],"enabled":true,"mustChangePassword":false,"version":1},"detail":{}}',1795317846040,'person.create','system','person','e3be1b5f-d1f6-4e9d-8600-94287e8e17a0');
INSERT INTO audit_events VALUES(3,'*',3,1,X'6d408e69361c6f2d8a43d7185d83f2e7edb221004dc36fbd28aedd780f4fdfed','{"v":1,"action":"client.create","at":"2026-11-22T03:24:06.040Z","tenant":"*","actor":{"kind":"system","id":null,"name":"first start","tenant":"*"},"address":null,"requestId":"first-start","subject":{"kind":"client","id":"35515e9b-513f-4e4b-b97d-24ce6a321450"},"before":{},"after":{"clientId":"nexus_client","tenant":"*","name":"nexus_client","public":true,"grants":["password","refresh_token"],"scopes":["*"],"redirectUris":[],"roles":[],"rights":[],"contactCenters":[],"accessTtl":43200,"refreshTtl":2592000,"enabled":true,"version":1},"detail":{}}',1795317846040,'client.create','system','client','35515e9b-513f-4e4b-b97d-24ce6a321450');
INSERT INTO audit_events VALUES(4,'*',4,1,X'69bb88b0d2a1434b561c4a0e476eed864cf19ec2a50048a61208711d173df7a6','{"v":1,"action":"client.create","at":"2026-11-22T03:24:06.040Z","tenant":"*","actor":{"kind":"system","id":null,"name":"first start","tenant":"*"},"address":null,"requestId":"first-start","subject":{"kind":"client","id":"a1678079-d3b3-47f4-aede-36af81de5ad9"},"before":{},"after":{"clientId":"cluster-verifier","tenant":"*","name":"cluster-verifier","public":false,"grants":["client_credentials"],"scopes":["*"],"redirectUris":[],"roles":[],"rights":["Keys.canVerify"],"contactCenters":[],"accessTtl":43200,"refreshTtl":2592000,"enabled":true,"version":1},"detail":{}}',1795317846040,'client.create','system','client','a1678079-d3b3-47f4-aede-36af81de5ad9');
INSERT INTO audit_events VALUES(5,'578ec98e-f07c-46ad-9675-f36c22f3ba9f',1,1,X'f94896c300feb2459e9138a18948c733f779331d23ffc2c865f0d6ff61c0f286','{"v":1,"action":"tenant.create","at":"2026-11-22T03:24:06.040Z","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","actor":{"kind":"system","id":null,"name":"first start","tenant":"*"},"address":null,"requestId":"first-start","subject":{"kind":"tenant","id":"578ec98e-f07c-46ad-9675-f36c22f3ba9f"},"before":{},"after":{"name":"premise_tenant","domains":["t100"],"environment":null,"realm":"companya","enabled":true,"version":1},"detail":{}}',1795317846040,'tenant.create','system','tenant','578ec98e-f07c-46ad-9675-f36c22f3ba9f');
INSERT INTO audit_events VALUES(6,'578ec98e-f07c-46ad-9675-f36c22f3ba9f',2,1,X'46fb5bf7950350b61e5a7c6c65c4f412679f847c9fe510e94fffd4b7934141ab','{"v":1,"action":"person.create","at":"2026-11-22T03:24:06.040Z","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","actor":{"kind":"system","id":null,"name":"first start","tenant":"*"},"address":null,"requestId":"first-start","subject":{"kind":"person","id":"f963f7b6-1fe6-4314-af61-b45313b8b7fc"},"before":{},"after":{"username":"nexus","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","roles":["admin"],"enabled":true,"mustChangePassword":false,"version":1},"detail":{}}',1795317846040,'person.create','system','person','f963f7b6-1fe6-4314-af61-b45313b8b7fc');
INSERT INTO audit_events VALUES(7,'578ec98e-f07c-46ad-9675-f36c22f3ba9f',3,1,X'8ac1c697fd5998da9460e9a3b158cbcdf3fa96feeaaf8e9f8a99028df43708a4','{"v":1,"action":"key.create","at":"2026-11-22T03:24:06.040Z","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","actor":{"kind":"system","id":null,"name":"first start","tenant":"*"},"address":null,"requestId":"first-start","subject":{"kind":"key","id":"key_0CkB7IHrywKR2LNcWnmYZw"},"before":{},"after":{"keyType":"deployment","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","name":"Deployment key","description":"Made at the first start","owner":null,"permissions":["nx1:*"],"enabled":true,"startsAt":null,"expiresAt":null,"revokedAt":null,"revokeReason":null,"capacity":null,"frequency":null,"allowList":[],"hint":"psk_…aX3S","acknowledgedAt":null,"createdAt":"2026-11-22T03:24:06.040Z","createdBy":"keyward","version":1},"detail":{}}',1795317846040,'key.create','system','key','key_0CkB7IHrywKR2LNcWnmYZw');
INSERT INTO audit_events VALUES(8,'578ec98e-f07c-46ad-9675-f36c22f3ba9f',4,1,X'925eb605a8fcbfef3a610f11ee06fb1b64c14305fd4f76254b4b33289237e8cf','{"v":1,"action":"person.sign_in","at":"2026-11-22T03:24:06.124Z","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","actor":{"kind":"person","id":"f963f7b6-1fe6-4314-af61-b45313b8b7fc","name":"nexus","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f"},"address":"127.0.0.1","requestId":"e69fa941042f76f2432f4077cabcc5f6","subject":{"kind":"person","id":"f963f7b6-1fe6-4314-af61-b45313b8b7fc"},"before":{},"after":{},"detail":{"by":"password grant","client":"nexus_client","count":1}}',1795317846124,'person.sign_in','person:f963f7b6-1fe6-4314-af61-b45313b8b7fc','person','f963f7b6-1fe6-4314-af61-b45313b8b7fc');
INSERT INTO audit_events VALUES(9,'578ec98e-f07c-46ad-9675-f36c22f3ba9f',5,1,X'987d55a54f300c8070f8a107e22d4351d25b00df7a63b20a8f0992a098449ada','{"v":1,"action":"key.create","at":"2026-11-22T03:24:06.317Z","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","actor":{"kind":"person","id":"f963f7b6-1fe6-4314-af61-b45313b8b7fc","name":"nexus","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f"},"address":"127.0.0.1","requestId":"e69fa941042f76f290805ef1db8d17e3","subject":{"kind":"key","id":"key_32AcqiJeqzg0CJO9gXFDLs"},"before":{},"after":{"keyType":"nexus","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","name":"chat","description":null,"owner":null,"permissions":["nexus:consumer:chat"],"enabled":true,"startsAt":null,"expiresAt":null,"revokedAt":null,"revokeReason":null,"capacity":120,"frequency":60,"allowList":[],"hint":"…b110","acknowledgedAt":null,"createdAt":"2026-11-22T03:24:06.317Z","createdBy":"nexus","version":1},"detail":{}}',1795317846317,'key.create','person:f963f7b6-1fe6-4314-af61-b45313b8b7fc','key','key_32AcqiJeqzg0CJO9gXFDLs');
INSERT INTO audit_events VALUES(10,'578ec98e-f07c-46ad-9675-f36c22f3ba9f',6,1,X'606e8463533ad93b89c1ff637eab5ad3b3f8ded9770715da1424ef003e73c25a','{"v":1,"action":"key.create","at":"2026-11-22T03:24:06.335Z","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","actor":{"kind":"person","id":"f963f7b6-1fe6-4314-af61-b45313b8b7fc","name":"nexus","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f"},"address":"127.0.0.1","requestId":"e69fa941042f76f2d83b690645122d4f","subject":{"kind":"key","id":"key_74WiMooZjOimBuhwaDerkZ"},"before":{},"after":{"keyType":"api","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","name":"orders","description":null,"owner":null,"permissions":["orders:read"],"enabled":true,"startsAt":null,"expiresAt":null,"revokedAt":null,"revokeReason":null,"capacity":null,"frequency":null,"allowList":[],"hint":"kw_…yKa9","acknowledgedAt":null,"createdAt":"2026-11-22T03:24:06.335Z","createdBy":"nexus","version":1},"detail":{}}',1795317846335,'key.create','person:f963f7b6-1fe6-4314-af61-b45313b8b7fc','key','key_74WiMooZjOimBuhwaDerkZ');
INSERT INTO audit_events VALUES(11,'578ec98e-f07c-46ad-9675-f36c22f3ba9f',7,1,X'13e82996b6b007328e71f461a822b484d5c4479ec65f443783e8ae755fbf726e','{"v":1,"action":"key.create","at":"2026-11-22T03:24:06.353Z","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","actor":{"kind":"person","id":"f963f7b6-1fe6-4314-af61-b45313b8b7fc","name":"nexus","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f"},"address":"127.0.0.1","requestId":"e69fa941042f76f27fd81f6e4d8b3de6","subject":{"kind":"key","id":"key_1ZVPXPIBbrmATDbPBb0ct7"},"before":{},"after":{"keyType":"api","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","name":"revoked","description":null,"owner":null,"permissions":["orders:read"],"enabled":true,"startsAt":null,"expiresAt":null,"revokedAt":null,"revokeReason":null,"capacity":null,"frequency":null,"allowList":[],"hint":"kw_…ehPM","acknowledgedAt":null,"createdAt":"2026-11-22T03:24:06.353Z","createdBy":"nexus","version":1},"detail":{}}',1795317846353,'key.create','person:f963f7b6-1fe6-4314-af61-b45313b8b7fc','key','key_1ZVPXPIBbrmATDbPBb0ct7');
INSERT INTO audit_events VALUES(12,'578ec98e-f07c-46ad-9675-f36c22f3ba9f',8,1,X'016cb3b3e3947c0f2c4099df35bb639bfb3b405a995d21d43ee3d5ebfa24e78a','{"v":1,"action":"key.create","at":"2026-11-22T03:24:06.371Z","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","actor":{"kind":"person","id":"f963f7b6-1fe6-4314-af61-b45313b8b7fc","name":"nexus","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f"},"address":"127.0.0.1","requestId":"e69fa941042f76f27a5735fa4694663e","subject":{"kind":"key","id":"key_4zSjrMWXCDH38LkMcLCHV9"},"before":{},"after":{"keyType":"api","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","name":"rotated","description":null,"owner":null,"permissions":["orders:write"],"enabled":true,"startsAt":null,"expiresAt":null,"revokedAt":null,"revokeReason":null,"capacity":3,"frequency":60,"allowList":[],"hint":"kw_…X9U6","acknowledgedAt":null,"createdAt":"2026-11-22T03:24:06.371Z","createdBy":"nexus","version":1},"detail":{}}',1795317846371,'key.create','person:f963f7b6-1fe6-4314-af61-b45313b8b7fc','key','key_4zSjrMWXCDH38LkMcLCHV9');
INSERT INTO audit_events VALUES(13,'578ec98e-f07c-46ad-9675-f36c22f3ba9f',9,1,X'a4bd0532b5e7c3c10bb56eba40b4d5c22adafe5087895cda2031b3a12e783e2b','{"v":1,"action":"key.create","at":"2026-11-22T03:24:06.389Z","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","actor":{"kind":"person","id":"f963f7b6-1fe6-4314-af61-b45313b8b7fc","name":"nexus","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f"},"address":"127.0.0.1","requestId":"e69fa941042f76f2876e70084e8f2c6e","subject":{"kind":"key","id":"key_0kUvhAYSbENVPhtsKLDxra"},"before":{},"after":{"keyType":"api","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","name":"deleted","description":null,"owner":null,"permissions":["orders:write"],"enabled":true,"startsAt":null,"expiresAt":null,"revokedAt":null,"revokeReason":null,"capacity":null,"frequency":null,"allowList":[],"hint":"kw_…V3kB","acknowledgedAt":null,"createdAt":"2026-11-22T03:24:06.389Z","createdBy":"nexus","version":1},"detail":{}}',1795317846389,'key.create','person:f963f7b6-1fe6-4314-af61-b45313b8b7fc','key','key_0kUvhAYSbENVPhtsKLDxra');
INSERT INTO audit_events VALUES(14,'578ec98e-f07c-46ad-9675-f36c22f3ba9f',10,1,X'efdba84a3b783992c83aed08ac2e9bb0fc5513912a902e1c92a51b975406338c','{"v":1,"action":"key.revoke","at":"2026-11-22T03:24:06.550Z","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","actor":{"kind":"person","id":"f963f7b6-1fe6-4314-af61-b45313b8b7fc","name":"nexus","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f"},"address":"127.0.0.1","requestId":"e69fa941042f76f27e764ff39c29e509","subject":{"kind":"key","id":"key_1ZVPXPIBbrmATDbPBb0ct7"},"before":{"keyType":"api","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","name":"revoked","description":null,"owner":null,"permissions":["orders:read"],"enabled":true,"startsAt":null,"expiresAt":null,"revokedAt":null,"revokeReason":null,"capacity":null,"frequency":null,"allowList":[],"hint":"kw_…ehPM","acknowledgedAt":null,"createdAt":"2026-11-22T03:24:06.353Z","createdBy":"nexus","version":1},"after":{"keyType":"api","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","name":"revoked","description":null,"owner":null,"permissions":["orders:read"],"enabled":true,"startsAt":null,"expiresAt":null,"revokedAt":"2026-11-22T03:24:06.550Z","revokeReason":"leaked","capacity":null,"frequency":null,"allowList":[],"hint":"kw_…ehPM","acknowledgedAt":null,"createdAt":"2026-11-22T03:24:06.353Z","createdBy":"nexus","version":2},"detail":{}}',1795317846550,'key.revoke','person:f963f7b6-1fe6-4314-af61-b45313b8b7fc','key','key_1ZVPXPIBbrmATDbPBb0ct7');
INSERT INTO audit_events VALUES(15,'578ec98e-f07c-46ad-9675-f36c22f3ba9f',11,1,X'7a3bc15bba572bf57145bd1b86cb4cdf1be78bffd1b514e489890401c809564c','{"v":1,"action":"key.rotate","at":"2026-11-22T03:24:06.738Z","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","actor":{"kind":"person","id":"f963f7b6-1fe6-4314-af61-b45313b8b7fc","name":"nexus","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f"},"address":"127.0.0.1","requestId":"e69fa941042f76f2de501cb79a558e4a","subject":{"kind":"key","id":"key_4zSjrMWXCDH38LkMcLCHV9"},"before":{"keyType":"api","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","name":"rotated","description":null,"owner":null,"permissions":["orders:write"],"enabled":true,"startsAt":null,"expiresAt":null,"revokedAt":null,"revokeReason":null,"capacity":3,"frequency":60,"allowList":[],"hint":"kw_…X9U6","acknowledgedAt":null,"createdAt":"2026-11-22T03:24:06.371Z","createdBy":"nexus","version":1},"after":{"keyType":"api","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","name":"rotated","description":null,"owner":null,"permissions":["orders:write"],"enabled":true,"startsAt":null,"expiresAt":null,"revokedAt":null,"revokeReason":null,"capacity":3,"frequency":60,"allowList":[],"hint":"kw_…LCnM","acknowledgedAt":null,"createdAt":"2026-11-22T03:24:06.371Z","createdBy":"nexus","version":2},"detail":{"overlapSeconds":2592000}}',1795317846738,'key.rotate','person:f963f7b6-1fe6-4314-af61-b45313b8b7fc','key','key_4zSjrMWXCDH38LkMcLCHV9');
INSERT INTO audit_events VALUES(16,'578ec98e-f07c-46ad-9675-f36c22f3ba9f',12,1,X'f9a16544eea6a4dc0b06dc06c436de3c52a3f712e752dee1e605c8171a3af501','{"v":1,"action":"key.delete","at":"2026-11-22T03:24:06.926Z","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","actor":{"kind":"person","id":"f963f7b6-1fe6-4314-af61-b45313b8b7fc","name":"nexus","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f"},"address":"127.0.0.1","requestId":"e69fa941042f76f2127e16164e0fa8d2","subject":{"kind":"key","id":"key_0kUvhAYSbENVPhtsKLDxra"},"before":{"keyType":"api","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","name":"deleted","description":null,"owner":null,"permissions":["orders:write"],"enabled":true,"startsAt":null,"expiresAt":null,"revokedAt":null,"revokeReason":null,"capacity":null,"frequency":null,"allowList":[],"hint":"kw_…V3kB","acknowledgedAt":null,"createdAt":"2026-11-22T03:24:06.389Z","createdBy":"nexus","version":1},"after":{},"detail":{}}',1795317846926,'key.delete','person:f963f7b6-1fe6-4314-af61-b45313b8b7fc','key','key_0kUvhAYSbENVPhtsKLDxra');
CREATE TABLE audit_heads (
  scope TEXT NOT NULL PRIMARY KEY,
  position INTEGER NOT NULL,
  link BLOB NOT NULL
) STRICT;
INSERT INTO audit_heads VALUES('*',4,X'69bb88b0d2a1434b561c4a0e476eed864cf19ec2a50048a61208711d173df7a6');
INSERT INTO audit_heads VALUES('578ec98e-f07c-46ad-9675-f36c22f3ba9f',12,X'f9a16544eea6a4dc0b06dc06c436de3c52a3f712e752dee1e605c8171a3af501');
CREATE TABLE audit_signed_heads (
  scope TEXT NOT NULL,
  position INTEGER NOT NULL,
  link BLOB NOT NULL,
  at INTEGER NOT NULL,
  signature BLOB NOT NULL,
  PRIMARY KEY (scope, position, at)
) STRICT;
INSERT INTO audit_signed_heads VALUES('*',4,X'69bb88b0d2a1434b561c4a0e476eed864cf19ec2a50048a61208711d173df7a6',1795317850465,X'a1699266ae22139ad8084feb3f4dea9c07b21661bda8d450df178592c95a252ff2b5a345d2e5bb836d0781fc5b7caa6f7130805b6e73878eda9ae989a5ac320e');
INSERT INTO audit_signed_heads VALUES('578ec98e-f07c-46ad-9675-f36c22f3ba9f',12,X'f9a16544eea6a4dc0b06dc06c436de3c52a3f712e752dee1e605c8171a3af501',1795317850465,X'4fb7951ebd12dea486b87dfade42b3257d81a719b6e7664548f49b02aa63f56cee63acad49760eccb5c783a743c0de9904169fed323cfaf26d23b283d328bc03');
CREATE TABLE changes (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  kind INTEGER NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT;
INSERT INTO changes VALUES(1,1,'578ec98e-f07c-46ad-9675-f36c22f3ba9f',1);
INSERT INTO changes VALUES(2,2,'person:e3be1b5f-d1f6-4e9d-8600-94287e8e17a0',1);
INSERT INTO changes VALUES(3,2,'person:f963f7b6-1fe6-4314-af61-b45313b8b7fc',1);
INSERT INTO changes VALUES(4,2,'client:35515e9b-513f-4e4b-b97d-24ce6a321450',1);
INSERT INTO changes VALUES(5,2,'client:a1678079-d3b3-47f4-aede-36af81de5ad9',1);
INSERT INTO changes VALUES(6,3,'key_0CkB7IHrywKR2LNcWnmYZw',1);
INSERT INTO changes VALUES(7,4,'74a9a02b34090c72df396cc6787caff01eaf520b4587dc3e0830a7158e41107f',0);
INSERT INTO changes VALUES(8,3,'key_32AcqiJeqzg0CJO9gXFDLs',1);
INSERT INTO changes VALUES(9,3,'key_74WiMooZjOimBuhwaDerkZ',1);
INSERT INTO changes VALUES(10,3,'key_1ZVPXPIBbrmATDbPBb0ct7',1);
INSERT INTO changes VALUES(11,3,'key_4zSjrMWXCDH38LkMcLCHV9',1);
INSERT INTO changes VALUES(12,3,'key_0kUvhAYSbENVPhtsKLDxra',1);
INSERT INTO changes VALUES(13,3,'key_1ZVPXPIBbrmATDbPBb0ct7',2);
INSERT INTO changes VALUES(14,3,'key_4zSjrMWXCDH38LkMcLCHV9',2);
INSERT INTO changes VALUES(15,3,'key_0kUvhAYSbENVPhtsKLDxra',2);
INSERT INTO changes VALUES(16,4,'eaf738ad2df9b32bdbe6a723014147f6c7f2f3981ad090ad30feb5994d59adff',0);
CREATE TABLE environments (
    id         TEXT   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    created_at INTEGER  NOT NULL
) STRICT;
CREATE TABLE tenants (
    id          TEXT   NOT NULL PRIMARY KEY,
    name        TEXT   NOT NULL,
    environment TEXT   REFERENCES environments (id),
    realm       TEXT   UNIQUE,
    auth        TEXT   NOT NULL,
    enabled     INTEGER NOT NULL,
    created_at  INTEGER  NOT NULL,
    deleted_at  INTEGER,
    version     INTEGER  NOT NULL
) STRICT;
INSERT INTO tenants VALUES('578ec98e-f07c-46ad-9675-f36c22f3ba9f','premise_tenant',NULL,'companya','configServer',1,1795317846040,NULL,1);
CREATE TABLE tenant_domains (
    domain TEXT  NOT NULL PRIMARY KEY,
    tenant TEXT  NOT NULL REFERENCES tenants (id),
    place  INTEGER NOT NULL
) STRICT;
INSERT INTO tenant_domains VALUES('t100','578ec98e-f07c-46ad-9675-f36c22f3ba9f',0);
CREATE TABLE roles (
    scope        TEXT   NOT NULL,
    name         TEXT   NOT NULL,
    cluster_only INTEGER NOT NULL,
    rights       TEXT   NOT NULL,
    PRIMARY KEY (scope, name)
) STRICT;
INSERT INTO roles VALUES('*','ops',1,'["Nexus.ApiKeys.canView","Nexus.ApiKeys.canRead","Nexus.ApiKeys.canCreate","Nexus.ApiKeys.canUpdate","Nexus.ApiKeys.canDelete","Nexus.ApiKeys.canReveal","Callback.ApiKeys.canView","Callback.ApiKeys.canRead","Callback.ApiKeys.canCreate","Callback.ApiKeys.canUpdate","Callback.ApiKeys.canDelete","Callback.ApiKeys.canReveal","ExperienceCloud.ApiKeys.canView","ExperienceCloud.ApiKeys.canRead","ExperienceCloud.ApiKeys.canCreate","ExperienceCloud.ApiKeys.canUpdate","ExperienceCloud.ApiKeys.canDelete","ExperienceCloud.ApiKeys.canReveal","Native.ApiKeys.canView","Native.ApiKeys.canRead","Native.ApiKeys.canCreate","Native.ApiKeys.canUpdate","Native.ApiKeys.canDelete","Native.ApiKeys.canReveal","PersonalKeys.canUse","Keys.canVerify","Audit.canRead","Tenants.canManage","Persons.canManage","Clients.canManage","KeyTypes.canManage","Gateway.canManage"]');
INSERT INTO roles VALUES('*','admin',0,'["Nexus.ApiKeys.canView","Nexus.ApiKeys.canRead","Nexus.ApiKeys.canCreate","Nexus.ApiKeys.canUpdate","Nexus.ApiKeys.canDelete","Nexus.ApiKeys.canReveal","Callback.ApiKeys.canView","Callback.ApiKeys.canRead","Callback.ApiKeys.canCreate","Callback.ApiKeys.canUpdate","Callback.ApiKeys.canDelete","Callback.ApiKeys.canReveal","ExperienceCloud.ApiKeys.canView","ExperienceCloud.ApiKeys.canRead","ExperienceCloud.ApiKeys.canCreate","ExperienceCloud.ApiKeys.canUpdate","ExperienceCloud.ApiKeys.canDelete","ExperienceCloud.ApiKeys.canReveal","Native.ApiKeys.canView","Native.ApiKeys.canRead","Native.ApiKeys.canCreate","Native.ApiKeys.canUpdate","Native.ApiKeys.canDelete","Native.ApiKeys.canReveal","PersonalKeys.canUse","Keys.canVerify","Audit.canRead","Tenants.canManage","Persons.canManage","Clients.canManage","KeyTypes.canManage","Gateway.canManage"]');
INSERT INTO roles VALUES('*','viewer',0,'["Nexus.ApiKeys.canView","Nexus.ApiKeys.canRead","Callback.ApiKeys.canView","Callback.ApiKeys.canRead","ExperienceCloud.ApiKeys.canView","ExperienceCloud.ApiKeys.canRead","Native.ApiKeys.canView","Native.ApiKeys.canRead","Audit.canRead"]');
INSERT INTO roles VALUES('*','service',0,'["Nexus.ApiKeys.canView","Nexus.ApiKeys.canRead","Nexus.ApiKeys.canCreate","Nexus.ApiKeys.canUpdate","Nexus.ApiKeys.canDelete","Nexus.ApiKeys.canReveal","Callback.ApiKeys.canView","Callback.ApiKeys.canRead","Callback.ApiKeys.canCreate","Callback.ApiKeys.canUpdate","Callback.ApiKeys.canDelete","Callback.ApiKeys.canReveal","Keys.canVerify"]');
INSERT INTO roles VALUES('*','nx1_app_manager',0,'["PersonalKeys.canUse"]');
INSERT INTO roles VALUES('*','nx1_ask',0,'["PersonalKeys.canUse"]');
INSERT INTO roles VALUES('*','nx1_engineer',0,'["PersonalKeys.canUse"]');
INSERT INTO roles VALUES('*','nx1_ingest',0,'["PersonalKeys.canUse"]');
INSERT INTO roles VALUES('*','nx1_monitor',0,'["PersonalKeys.canUse"]');
INSERT INTO roles VALUES('*','nx1_monitor_admin',0,'["PersonalKeys.canUse"]');
CREATE TABLE persons (
    id                   TEXT   NOT NULL PRIMARY KEY,
    scope                TEXT   NOT NULL,
    username             TEXT   NOT NULL,
    folded               TEXT   NOT NULL,
    roles                TEXT   NOT NULL,
    enabled              INTEGER NOT NULL,
    must_change_password INTEGER NOT NULL,
    password             TEXT   NOT NULL,
    created_at           INTEGER  NOT NULL,
    deleted              INTEGER NOT NULL,
    version              INTEGER  NOT NULL,
    revision             INTEGER  NOT NULL
) STRICT;
INSERT INTO persons VALUES('e3be1b5f-d1f6-4e9d-8600-94287e8e17a0','*','ops','ops','["ops"]',1,0,'$argon2id$v=19$m=19456,t=2,p=1$SRrddl6I2ntLqtAfnY+5OA$nDK12T1u6XcBDG0woW+tryEvts8LWdZAc/XrS2UPzRA',1795317846040,0,1,1);
INSERT INTO persons VALUES('f963f7b6-1fe6-4314-af61-b45313b8b7fc','578ec98e-f07c-46ad-9675-f36c22f3ba9f','nexus','nexus','["admin"]',1,0,'$argon2id$v=19$m=19456,t=2,p=1$Ojg9b4ix5ySqi8fw0cRy0g$vZMGHVvaTNtbe/5zfWzpOXdfZa34Y5L5WosZny9d+C4',1795317846040,0,1,1);
CREATE TABLE clients (
    id                TEXT   NOT NULL PRIMARY KEY,
    client_id         TEXT   NOT NULL,
    scope             TEXT   NOT NULL,
    name              TEXT   NOT NULL,
    description       TEXT,
    public            INTEGER NOT NULL,
    grants            TEXT   NOT NULL,
    scopes            TEXT   NOT NULL,
    redirect_uris     TEXT   NOT NULL,
    roles             TEXT   NOT NULL,
    rights            TEXT   NOT NULL,
    contact_centers   TEXT   NOT NULL,
    authorities       TEXT   NOT NULL,
    access_ttl_s      INTEGER  NOT NULL,
    refresh_ttl_s     INTEGER  NOT NULL,
    enabled           INTEGER NOT NULL,
    secret_generation INTEGER,
    secret_digest     BLOB,
    created_at        INTEGER  NOT NULL,
    deleted           INTEGER NOT NULL,
    version           INTEGER  NOT NULL,
    revision          INTEGER  NOT NULL
) STRICT;
INSERT INTO clients VALUES('35515e9b-513f-4e4b-b97d-24ce6a321450','nexus_client','*','nexus_client',NULL,1,'["password","refresh_token"]','["*"]','[]','[]','[]','[]','[]',43200,2592000,1,NULL,NULL,1795317846040,0,1,1);
INSERT INTO clients VALUES('a1678079-d3b3-47f4-aede-36af81de5ad9','cluster-verifier','*','cluster-verifier',NULL,0,'["client_credentials"]','["*"]','[]','[]','["Keys.canVerify"]','[]','[]',43200,2592000,1,1,X'ae665319ad75b5df0dd10bfd69d88a2eae19f298fb6dd91de1f4c7afafe74075b6a1fdf83ee1744a0f7e589bd1d2899da3a6c7e207cb4d4dfb26190e',1795317846040,0,1,1);
CREATE TABLE token_families (
    id         BLOB NOT NULL PRIMARY KEY,
    principal  BLOB NOT NULL,
    uses       INTEGER  NOT NULL,
    expires_at INTEGER  NOT NULL,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;
INSERT INTO token_families VALUES(X'01651ba836194314a869bf580aa0de51',X'f963f7b61fe64314af61b45313b8b7fc',0,1797909846162,NULL);
CREATE TABLE tokens (
    digest         BLOB NOT NULL PRIMARY KEY,
    kind           INTEGER  NOT NULL,
    family         BLOB NOT NULL,
    principal_kind INTEGER  NOT NULL,
    principal      BLOB NOT NULL,
    client         BLOB NOT NULL,
    scope          TEXT   NOT NULL,
    issued_at      INTEGER  NOT NULL,
    expires_at     INTEGER  NOT NULL,
    state          INTEGER  NOT NULL,
    ended_at       INTEGER
) STRICT, WITHOUT ROWID;
INSERT INTO tokens VALUES(X'489f68e829d31d6d96450fac4ceea1e3d4eb9c66ebce464433f215d542956ee4',1,X'01651ba836194314a869bf580aa0de51',0,X'f963f7b61fe64314af61b45313b8b7fc',X'35515e9b513f4e4bb97d24ce6a321450','*',1795317846162,1797909846162,0,NULL);
INSERT INTO tokens VALUES(X'74a9a02b34090c72df396cc6787caff01eaf520b4587dc3e0830a7158e41107f',0,X'01651ba836194314a869bf580aa0de51',0,X'f963f7b61fe64314af61b45313b8b7fc',X'35515e9b513f4e4bb97d24ce6a321450','*',1795317846162,1795361046162,0,NULL);
INSERT INTO tokens VALUES(X'eaf738ad2df9b32bdbe6a723014147f6c7f2f3981ad090ad30feb5994d59adff',0,X'fc907584e0974c7ba25c067e9d6c06cd',1,X'a1678079d3b347f4aede36af81de5ad9',X'a1678079d3b347f4aede36af81de5ad9','*',1795317846942,1795361046942,0,NULL);
CREATE TABLE keys (
    id              BLOB NOT NULL PRIMARY KEY,
    scope           TEXT   NOT NULL,
    key_type        TEXT   NOT NULL,
    name            TEXT   NOT NULL,
    description     TEXT,
    owner           TEXT,
    permissions     TEXT   NOT NULL,
    enabled         INTEGER NOT NULL,
    starts_at       INTEGER,
    expires_at      INTEGER,
    revoked_at      INTEGER,
    revoke_reason   TEXT,
    capacity        INTEGER,
    frequency_s     INTEGER,
    allow_list      TEXT   NOT NULL,
    hint            TEXT   NOT NULL,
    acknowledged_at INTEGER,
    created_at      INTEGER  NOT NULL,
    created_by      TEXT   NOT NULL,
    version         INTEGER  NOT NULL,
    unavailable_at  INTEGER,
    search          TEXT   NOT NULL,
    deleted_at      INTEGER
) STRICT, WITHOUT ROWID;
INSERT INTO keys VALUES(X'06c10d814a43169e20cdb460fb5737cc','578ec98e-f07c-46ad-9675-f36c22f3ba9f','deployment','Deployment key','Made at the first start',NULL,'["nx1:*"]',1,NULL,NULL,NULL,NULL,NULL,NULL,'[]','psk_…aX3S',NULL,1795317846040,'keyward',1,NULL,replace('deployment key\nkeyward','\n',char(10)),NULL);
INSERT INTO keys VALUES(X'18a45d48e260d2af1eb4791e037e4f4e','578ec98e-f07c-46ad-9675-f36c22f3ba9f','api','deleted',NULL,NULL,'["orders:write"]',1,NULL,NULL,NULL,NULL,NULL,NULL,'[]','kw_…V3kB',NULL,1795317846389,'nexus',2,NULL,replace('deleted\nnexus','\n',char(10)),1795317846926);
INSERT INTO keys VALUES(X'33ac6f7c7360c86fe638ae465ddb1ba1','578ec98e-f07c-46ad-9675-f36c22f3ba9f','api','revoked',NULL,NULL,'["orders:read"]',1,NULL,NULL,1795317846550,'leaked',NULL,NULL,'[]','kw_…ehPM',NULL,1795317846353,'nexus',2,1795317846550,replace('revoked\nnexus','\n',char(10)),NULL);
INSERT INTO keys VALUES(X'63b8a6eff4cb5ccdc3661bc8892f5318','578ec98e-f07c-46ad-9675-f36c22f3ba9f','nexus','chat',NULL,NULL,'["nexus:consumer:chat"]',1,NULL,NULL,NULL,NULL,120,60,'[]','…b110',NULL,1795317846317,'nexus',1,NULL,replace('chat\nnexus','\n',char(10)),NULL);
INSERT INTO keys VALUES(X'a3fffeea350292e331d9ba7524b67e7f','578ec98e-f07c-46ad-9675-f36c22f3ba9f','api','rotated',NULL,NULL,'["orders:write"]',1,NULL,NULL,NULL,NULL,3,60,'[]','kw_…LCnM',NULL,1795317846371,'nexus',2,NULL,replace('rotated\nnexus','\n',char(10)),NULL);
INSERT INTO keys VALUES(X'e865bdb02a6b5a21822da0aa5be04d2b','578ec98e-f07c-46ad-9675-f36c22f3ba9f','api','orders',NULL,NULL,'["orders:read"]',1,NULL,NULL,NULL,NULL,NULL,NULL,'[]','kw_…yKa9',NULL,1795317846335,'nexus',1,NULL,replace('orders\nnexus','\n',char(10)),NULL);
CREATE TABLE secrets (
    key_id        BLOB NOT NULL,
    slot          INTEGER  NOT NULL,
    lookup        BLOB NOT NULL UNIQUE,
    generation    INTEGER  NOT NULL,
    sealed_digest BLOB NOT NULL,
    sealed_secret BLOB,
    hint          TEXT   NOT NULL,
    ends_at       INTEGER,
    PRIMARY KEY (key_id, slot)
) STRICT, WITHOUT ROWID;
INSERT INTO secrets VALUES(X'06c10d814a43169e20cdb460fb5737cc',0,X'57f6dc90bca07dab38027c622a6089cd4691f73541da12257cab5defda9efc03',1,X'8c49cac61e0da65d74f38f8924b64969cab4bdd63c4685be8a92e758c411fcf60992a2ed8be3476b0365cce94011c529fee6f85342826dedaec740dc',NULL,'psk_…aX3S',NULL);
INSERT INTO secrets VALUES(X'33ac6f7c7360c86fe638ae465ddb1ba1',0,X'4aa5a7faf8b1885f67c6a4dd0e1de93476e1a0b3ce737521d79c6d7b99cf86a6',1,X'd617ba9774323ae5ae0341b2adb6f5eab6ab1f7bd7bf5228d329ef64e8d3e5acd2d0e35425531c4d2e67537122b024d864c228dbcb5f30bdf432bfcf',NULL,'kw_…ehPM',NULL);
INSERT INTO secrets VALUES(X'63b8a6eff4cb5ccdc3661bc8892f5318',0,X'f2a56b54465f9c569f85258443f2f0f7fad154273805a34e329b7691382b53b1',1,X'b403728990474b1f1c1aa538024426fd136f2150a9ac95cd84c5e44e87df40415a7b0c7a0d8cefdfe112b8a23ea468f78566b9d34f53e3fc0b812366',X'7f2c9468d447f8689d6c9022ec30e93d65442fbc13698f150870b4be512feb37b93920e8c87a46eb546b3bc7a97a27654f93bfef82f7dbf83a9662c65de31004','…b110',NULL);
INSERT INTO secrets VALUES(X'a3fffeea350292e331d9ba7524b67e7f',0,X'e6a58746ae7bd903f5de12a6d398f133d23d220fb215539867454bf24c385765',1,X'82894c500d61d08573e3fe4d3da280aa4b1970b1dda057717c3ff80119b71520260d92b897d8c3a0cd77b0468da72529b910b990a8208906e852b769',NULL,'kw_…X9U6',1797909846738);
INSERT INTO secrets VALUES(X'a3fffeea350292e331d9ba7524b67e7f',1,X'1c508a3eea3fde9e3fa2a87db061a5640e379d94654d2ccf099fd919cfc170d9',1,X'df795efb8a8a34f6c72d58e9270e6aa00ff87a10bbb01629c0a577b3c5166181b80244e1a9b4b0240bbd6b5a385fc6290b9b5b43e5d04c967c9a1796',NULL,'kw_…LCnM',NULL);
INSERT INTO secrets VALUES(X'e865bdb02a6b5a21822da0aa5be04d2b',0,X'62dcba79b9f20f0d95b5576c433dd143bae87aac65b6cc88ffea73841cc591c8',1,X'8a6349471f86d4453330446c07a5d140ada56aeb271848a39a9670327571ad05d47f562abab8295e6a9b8ef99057b483cec00468334f5c63bf4a002b',NULL,'kw_…yKa9',NULL);
CREATE TABLE sign_in_attempts (
    name_mac     BLOB NOT NULL,
    source_mac   BLOB NOT NULL,
    failures     INTEGER  NOT NULL,
    locked_until INTEGER  NOT NULL,
    last_at      INTEGER  NOT NULL,
    proven_at    INTEGER,
    PRIMARY KEY (name_mac, source_mac)
) STRICT, WITHOUT ROWID;
INSERT INTO sign_in_attempts VALUES(X'',X'47d9d93ad8989927df71924f8b9a64e9e0f6c3a1c3278abf1924e14273a9710e',0,0,1795317846124,NULL);
INSERT INTO sign_in_attempts VALUES(X'0b80fbdfa77b907af276fe762adddb28f47570c85da6b54efd47d50c9e4d2741',X'47d9d93ad8989927df71924f8b9a64e9e0f6c3a1c3278abf1924e14273a9710e',0,0,1795317846124,1795317846124);
CREATE TABLE usage_journal (
    at     INTEGER  NOT NULL,
    place  INTEGER  NOT NULL,
    packed BLOB NOT NULL,
    PRIMARY KEY (at, place)
) STRICT;
INSERT INTO usage_journal VALUES(1795317848110,0,X'01000000000000000063b8a6eff4cb5ccdc3661bc8892f5318f0544801a2010000001001000000e865bdb02a6b5a21822da0aa5be04d2ba2554801a2010000001001000000');
CREATE TABLE usage_hours (
    key_id  BLOB NOT NULL,
    hour    INTEGER  NOT NULL,
    verdict INTEGER  NOT NULL,
    count   INTEGER  NOT NULL,
    PRIMARY KEY (key_id, hour, verdict)
) STRICT, WITHOUT ROWID;
CREATE TABLE key_usage (
    key_id    BLOB NOT NULL PRIMARY KEY,
    last_used INTEGER  NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE idempotency (
    key_mac  BLOB NOT NULL PRIMARY KEY,
    body_mac BLOB NOT NULL,
    at       INTEGER  NOT NULL,
    status   INTEGER,
    etag     TEXT,
    answer   TEXT
) STRICT, WITHOUT ROWID;
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 VALUES('secrets','secrets_generation','6 6 1');
INSERT INTO sqlite_stat1 VALUES('secrets','secrets','6 2 1');
INSERT INTO sqlite_stat1 VALUES('secrets','sqlite_autoindex_secrets_1','6 1');
INSERT INTO sqlite_stat1 VALUES('keys','keys_owner','0 0');
INSERT INTO sqlite_stat1 VALUES('keys','keys_listed_all','5 1 1 1 1 1 1');
INSERT INTO sqlite_stat1 VALUES('keys','keys_listed','5 5 1 1 1 1 1 1');
INSERT INTO sqlite_stat1 VALUES('keys','keys','6 1');
INSERT INTO sqlite_stat1 VALUES('tokens','tokens_expiry','3 1');
INSERT INTO sqlite_stat1 VALUES('tokens','tokens_principal','3 2');
INSERT INTO sqlite_stat1 VALUES('tokens','tokens_family','3 2');
INSERT INTO sqlite_stat1 VALUES('tokens','tokens','3 1');
INSERT INTO sqlite_stat1 VALUES('roles','sqlite_autoindex_roles_1','10 10 1');
INSERT INTO sqlite_stat1 VALUES('tenant_domains','tenant_domains_tenant','1 1 1');
INSERT INTO sqlite_stat1 VALUES('tenant_domains','sqlite_autoindex_tenant_domains_1','1 1');
INSERT INTO sqlite_stat1 VALUES('usage_journal','sqlite_autoindex_usage_journal_1','1 1 1');
INSERT INTO sqlite_stat1 VALUES('clients','clients_client_id','2 1');
INSERT INTO sqlite_stat1 VALUES('clients','sqlite_autoindex_clients_1','2 1');
INSERT INTO sqlite_stat1 VALUES('audit_signed_heads','sqlite_autoindex_audit_signed_heads_1','2 1 1 1');
INSERT INTO sqlite_stat1 VALUES('audit_heads','sqlite_autoindex_audit_heads_1','2 1');
INSERT INTO sqlite_stat1 VALUES('tenants','tenants_listed','1 1 1');
INSERT INTO sqlite_stat1 VALUES('tenants','sqlite_autoindex_tenants_2','1 1');
INSERT INTO sqlite_stat1 VALUES('tenants','sqlite_autoindex_tenants_1','1 1');
INSERT INTO sqlite_stat1 VALUES('persons','persons_username','2 1 1');
INSERT INTO sqlite_stat1 VALUES('persons','sqlite_autoindex_persons_1','2 1');
INSERT INTO sqlite_stat1 VALUES('sign_in_attempts','sign_in_attempts_age','2 2');
INSERT INTO sqlite_stat1 VALUES('sign_in_attempts','sign_in_attempts','2 1 1');
INSERT INTO sqlite_stat1 VALUES('token_families','token_families_expiry','1 1');
INSERT INTO sqlite_stat1 VALUES('token_families','token_families_principal','1 1');
INSERT INTO sqlite_stat1 VALUES('token_families','token_families','1 1');
INSERT INTO sqlite_stat1 VALUES('audit_events','audit_events_by_subject','16 4 2 1');
INSERT INTO sqlite_stat1 VALUES('audit_events','sqlite_autoindex_audit_events_1','16 8 1');
INSERT INTO sqlite_stat1 VALUES('sealed_keys','sqlite_autoindex_sealed_keys_1','3 1 1');
INSERT INTO sqlite_stat1 VALUES('master_keys','sqlite_autoindex_master_keys_1','1 1');
ANALYZE sqlite_schema;
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('audit_events',16);
INSERT INTO sqlite_sequence VALUES('changes',16);
CREATE INDEX audit_events_by_subject ON audit_events (subject_kind, subject_id, seq);
CREATE INDEX tenants_listed ON tenants (created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX tenant_domains_tenant ON tenant_domains (tenant, place);
CREATE UNIQUE INDEX persons_username ON persons (scope, folded) WHERE NOT deleted;
CREATE UNIQUE INDEX clients_client_id ON clients (client_id) WHERE NOT deleted;
CREATE INDEX token_families_principal ON token_families (principal);
CREATE INDEX token_families_expiry ON token_families (expires_at);
CREATE INDEX tokens_family ON tokens (family);
CREATE INDEX tokens_principal ON tokens (principal);
CREATE INDEX tokens_expiry ON tokens (expires_at);
CREATE INDEX keys_listed ON keys (scope, created_at, id, key_type, unavailable_at, search, deleted_at)
    WHERE deleted_at IS NULL;
CREATE INDEX keys_listed_all ON keys (created_at, id, key_type, unavailable_at, search, deleted_at)
    WHERE deleted_at IS NULL;
CREATE INDEX keys_owner ON keys (owner) WHERE owner IS NOT NULL;
CREATE INDEX secrets_generation ON secrets (generation, lookup);
CREATE INDEX sign_in_attempts_age ON sign_in_attempts (last_at);
CREATE INDEX usage_hours_age ON usage_hours (hour);
CREATE TRIGGER keys_fixed BEFORE UPDATE ON keys
WHEN NEW.id IS NOT OLD.id
    OR NEW.scope IS NOT OLD.scope
    OR NEW.key_type IS NOT OLD.key_type
    OR NEW.owner IS NOT OLD.owner
    OR NEW.created_at IS NOT OLD.created_at
    OR NEW.created_by IS NOT OLD.created_by
BEGIN
    SELECT RAISE(ABORT, 'a key keeps its id, scope, type, owner and origin');
END;
CREATE TRIGGER keys_permissions_fixed BEFORE UPDATE ON keys
WHEN NEW.permissions IS NOT OLD.permissions
    AND OLD.key_type IN ('nexus', 'ges', 'client', 'openconnect', 'queueadapter', 'telephony', 'psk', 'deployment')
BEGIN
    SELECT RAISE(ABORT, 'the permissions of a key of this type never change');
END;
CREATE TRIGGER keys_deleted_stay BEFORE UPDATE ON keys
WHEN OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS NOT OLD.deleted_at
BEGIN
    SELECT RAISE(ABORT, 'a deleted key stays deleted');
END;
CREATE INDEX idempotency_age ON idempotency (at);
COMMIT;
