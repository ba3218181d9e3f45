-- What visits/copies.py installs on SQLite; an empty line parts statements. A trigger does not call itself again.

CREATE TRIGGER pair_copies_new AFTER INSERT ON visits_visitenterprise BEGIN
    UPDATE visits_visitenterprise SET (organisation_id, kind, met_at) = (
        SELECT organisation_id, kind, CASE WHEN status = 'done' AND deleted_at IS NULL AND has_attended THEN started_at END
        FROM visits_visit WHERE id = visit_id
    ) WHERE id = NEW.id;
END

CREATE TRIGGER pair_copies AFTER UPDATE ON visits_visitenterprise BEGIN
    UPDATE visits_visitenterprise SET (organisation_id, kind, met_at) = (
        SELECT organisation_id, kind, CASE WHEN status = 'done' AND deleted_at IS NULL AND has_attended THEN started_at END
        FROM visits_visit WHERE id = visit_id
    ) WHERE id = NEW.id;
END

CREATE TRIGGER visit_copied AFTER UPDATE OF organisation_id, kind, status, started_at, deleted_at ON visits_visit BEGIN
    -- Any update makes the pairs copy anew.
    UPDATE visits_visitenterprise SET kind = NEW.kind WHERE visit_id = NEW.id;
END

CREATE TRIGGER appeal_copied AFTER UPDATE OF organisation_id ON visits_appeal BEGIN
    UPDATE visits_callback SET organisation_id = NEW.organisation_id WHERE appeal_id = NEW.id;
END

-- The rule of CallBackQuerySet.valid: with answers, and not kept as history only.
CREATE TRIGGER call_back_counts_new AFTER INSERT ON visits_callback BEGIN
    UPDATE visits_callback SET organisation_id = (SELECT organisation_id FROM visits_appeal WHERE id = NEW.appeal_id)
    WHERE id = NEW.id;
    UPDATE visits_callback SET is_last = NOT is_last WHERE appeal_id = NEW.appeal_id AND is_last <> (id = ifnull((
        SELECT id FROM visits_callback
        WHERE appeal_id = NEW.appeal_id AND is_reached AND stands AND solved <> '' AND satisfaction <> ''
        ORDER BY called_at DESC, id DESC LIMIT 1
    ), 0));
END

CREATE TRIGGER call_back_counts AFTER UPDATE ON visits_callback BEGIN
    UPDATE visits_callback SET organisation_id = (SELECT organisation_id FROM visits_appeal WHERE id = NEW.appeal_id)
    WHERE id = NEW.id;
    UPDATE visits_callback SET is_last = NOT is_last WHERE appeal_id = NEW.appeal_id AND is_last <> (id = ifnull((
        SELECT id FROM visits_callback
        WHERE appeal_id = NEW.appeal_id AND is_reached AND stands AND solved <> '' AND satisfaction <> ''
        ORDER BY called_at DESC, id DESC LIMIT 1
    ), 0));
    UPDATE visits_callback SET is_last = NOT is_last WHERE appeal_id = OLD.appeal_id AND is_last <> (id = ifnull((
        SELECT id FROM visits_callback
        WHERE appeal_id = OLD.appeal_id AND is_reached AND stands AND solved <> '' AND satisfaction <> ''
        ORDER BY called_at DESC, id DESC LIMIT 1
    ), 0));
END

CREATE TRIGGER call_back_counts_no_more AFTER DELETE ON visits_callback BEGIN
    UPDATE visits_callback SET is_last = NOT is_last WHERE appeal_id = OLD.appeal_id AND is_last <> (id = ifnull((
        SELECT id FROM visits_callback
        WHERE appeal_id = OLD.appeal_id AND is_reached AND stands AND solved <> '' AND satisfaction <> ''
        ORDER BY called_at DESC, id DESC LIMIT 1
    ), 0));
END
