-- What visits/copies.py installs on PostgreSQL; an empty line parts statements.

CREATE FUNCTION pair_copies() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT organisation_id, kind,
        CASE WHEN status = 'done' AND deleted_at IS NULL AND NEW.has_attended THEN started_at END
    INTO NEW.organisation_id, NEW.kind, NEW.met_at
    FROM visits_visit WHERE id = NEW.visit_id;
    RETURN NEW;
END $$

CREATE TRIGGER pair_copies BEFORE INSERT OR UPDATE ON visits_visitenterprise
FOR EACH ROW EXECUTE FUNCTION pair_copies()

CREATE FUNCTION visit_copied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Any update makes the pairs copy anew.
    UPDATE visits_visitenterprise SET kind = NEW.kind WHERE visit_id = NEW.id;
    RETURN NULL;
END $$

CREATE TRIGGER visit_copied AFTER UPDATE OF organisation_id, kind, status, started_at, deleted_at ON visits_visit
FOR EACH ROW WHEN (
    (OLD.organisation_id, OLD.kind, OLD.status, OLD.started_at, OLD.deleted_at)
    IS DISTINCT FROM (NEW.organisation_id, NEW.kind, NEW.status, NEW.started_at, NEW.deleted_at)
)
EXECUTE FUNCTION visit_copied()

CREATE FUNCTION call_back_of() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT organisation_id INTO NEW.organisation_id FROM visits_appeal WHERE id = NEW.appeal_id;
    RETURN NEW;
END $$

CREATE TRIGGER call_back_of BEFORE INSERT OR UPDATE ON visits_callback
FOR EACH ROW EXECUTE FUNCTION call_back_of()

CREATE FUNCTION appeal_copied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE visits_callback SET organisation_id = NEW.organisation_id WHERE appeal_id = NEW.id;
    RETURN NULL;
END $$

CREATE TRIGGER appeal_copied AFTER UPDATE OF organisation_id ON visits_appeal
FOR EACH ROW WHEN (OLD.organisation_id <> NEW.organisation_id)
EXECUTE FUNCTION appeal_copied()

-- The rule of CallBackQuerySet.valid: with answers, and not kept as history only.
CREATE FUNCTION mark_last_call_back(appeal bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    last bigint := (
        SELECT id FROM visits_callback
        WHERE appeal_id = appeal AND is_reached AND stands AND solved <> '' AND satisfaction <> ''
        ORDER BY called_at DESC, id DESC LIMIT 1
    );
BEGIN
    UPDATE visits_callback SET is_last = NOT is_last
    WHERE appeal_id = appeal AND is_last <> (id IS NOT DISTINCT FROM last);
END $$

CREATE FUNCTION call_back_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN PERFORM mark_last_call_back(OLD.appeal_id); END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM mark_last_call_back(NEW.appeal_id); END IF;
    RETURN NULL;
END $$

-- What the function writes does not call it again.
CREATE TRIGGER call_back_counts AFTER INSERT OR UPDATE OR DELETE ON visits_callback
FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION call_back_counts()
