-- Whether a tenant's new keys must say from where they are accepted, where their type lets them.
ALTER TABLE tenants ADD COLUMN allow_list_required {bool} NOT NULL DEFAULT FALSE;
