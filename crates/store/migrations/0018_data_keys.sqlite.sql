-- The name of a data product's key says which product that is: it never changes, nor what the key may do.

CREATE TRIGGER keys_of_data_fixed BEFORE UPDATE ON keys
WHEN OLD.key_type = 'data-psk'
    AND (NEW.name IS NOT OLD.name OR NEW.permissions IS NOT OLD.permissions)
BEGIN
    SELECT RAISE(ABORT, 'a key of a data product keeps its product and its permissions');
END;
