-- What raw SQL sees: a view for each kind of node and of edge. Lists and objects are JSON text, truth values 1 and 0;
-- `data` is all that the graph holds of it.

DROP VIEW IF EXISTS films;
CREATE VIEW films AS SELECT
    production, id, ord AS "order", json_extract(data, '$.title') AS title, json_extract(data, '$.genre') AS genre,
    json_extract(data, '$.tone') AS tone, json_extract(data, '$.references') AS "references",
    json_extract(data, '$.question') AS question, data
FROM nodes WHERE kind = 'film';

DROP VIEW IF EXISTS scenes;
CREATE VIEW scenes AS SELECT
    production, id, ord AS "order", json_extract(data, '$.scene_id') AS scene_id,
    json_extract(data, '$.slugline') AS slugline, json_extract(data, '$.units') AS units,
    json_extract(data, '$.location') AS location, json_extract(data, '$.story_day') AS story_day,
    json_extract(data, '$.time_of_day') AS time_of_day, json_extract(data, '$.continuous') AS continuous,
    json_extract(data, '$.flashback') AS flashback, json_extract(data, '$.dream') AS dream,
    json_extract(data, '$.scene_type') AS scene_type, json_extract(data, '$.genre') AS genre,
    json_extract(data, '$.tone') AS tone, json_extract(data, '$.presences') AS presences,
    json_extract(data, '$.speeches') AS speeches, json_extract(data, '$.actions') AS actions,
    json_extract(data, '$.segments') AS segments, json_extract(data, '$.things') AS things,
    json_extract(data, '$.beats') AS beats, json_extract(data, '$.goal') AS goal,
    json_extract(data, '$.turn') AS turn, json_extract(data, '$.synopsis') AS synopsis,
    json_extract(data, '$.subtext') AS subtext, json_extract(data, '$.worded_by') AS worded_by,
    json_extract(data, '$.eighths') AS eighths, json_extract(data, '$.driver_side') AS driver_side,
    json_extract(data, '$.withheld') AS withheld, json_extract(data, '$.lines') AS lines,
    json_extract(data, '$.confidence') AS confidence, data
FROM nodes WHERE kind = 'scene';

DROP VIEW IF EXISTS characters;
CREATE VIEW characters AS SELECT
    production, id, ord AS "order", json_extract(data, '$.name') AS name, json_extract(data, '$.cues') AS cues,
    json_extract(data, '$.aliases') AS aliases, json_extract(data, '$.kind') AS kind,
    json_extract(data, '$.gender') AS gender, json_extract(data, '$.age') AS age,
    json_extract(data, '$.description') AS description, json_extract(data, '$.role') AS role,
    json_extract(data, '$.speaks') AS speaks, json_extract(data, '$.version_of') AS version_of,
    json_extract(data, '$.evidence') AS evidence, json_extract(data, '$.evidence.confidence') AS confidence,
    json_extract(data, '$.lines') AS lines,
    json_extract(data, '$.first_scene') AS first_scene, json_extract(data, '$.last_scene') AS last_scene, data
FROM nodes WHERE kind = 'character';

DROP VIEW IF EXISTS locations;
CREATE VIEW locations AS SELECT
    production, id, ord AS "order", json_extract(data, '$.name') AS name, json_extract(data, '$.parent') AS parent,
    json_extract(data, '$.int_ext') AS int_ext, json_extract(data, '$.aliases') AS aliases,
    json_extract(data, '$.evidence') AS evidence, json_extract(data, '$.evidence.confidence') AS confidence,
    json_extract(data, '$.lines') AS lines,
    json_extract(data, '$.first_scene') AS first_scene, json_extract(data, '$.last_scene') AS last_scene, data
FROM nodes WHERE kind = 'location';

DROP VIEW IF EXISTS plot_points;
CREATE VIEW plot_points AS SELECT
    production, id, ord AS "order", json_extract(data, '$.kind') AS kind, json_extract(data, '$.scene') AS scene,
    json_extract(data, '$.summary') AS summary, json_extract(data, '$.pays_off') AS pays_off,
    json_extract(data, '$.about') AS about, json_extract(data, '$.evidence') AS evidence,
    json_extract(data, '$.evidence.confidence') AS confidence, json_extract(data, '$.lines') AS lines, data
FROM nodes WHERE kind = 'plot_point';

DROP VIEW IF EXISTS emotional_beats;
CREATE VIEW emotional_beats AS SELECT
    production, id, ord AS "order", json_extract(data, '$.name') AS name, data
FROM nodes WHERE kind = 'emotional_beat';

DROP VIEW IF EXISTS story_days;
CREATE VIEW story_days AS SELECT
    production, id, ord AS "order", json_extract(data, '$.name') AS name,
    json_extract(data, '$.first_scene') AS first_scene, json_extract(data, '$.last_scene') AS last_scene, data
FROM nodes WHERE kind = 'story_day';

DROP VIEW IF EXISTS props;
CREATE VIEW props AS SELECT
    production, id, ord AS "order", json_extract(data, '$.kind') AS kind, json_extract(data, '$.name') AS name,
    json_extract(data, '$.hero') AS hero, json_extract(data, '$.owner') AS owner,
    json_extract(data, '$.evidence') AS evidence, json_extract(data, '$.evidence.confidence') AS confidence,
    json_extract(data, '$.lines') AS lines,
    json_extract(data, '$.first_scene') AS first_scene, json_extract(data, '$.last_scene') AS last_scene, data
FROM nodes WHERE kind = 'prop';

DROP VIEW IF EXISTS vehicles;
CREATE VIEW vehicles AS SELECT
    production, id, ord AS "order", json_extract(data, '$.kind') AS kind, json_extract(data, '$.name') AS name,
    json_extract(data, '$.hero') AS hero, json_extract(data, '$.owner') AS owner,
    json_extract(data, '$.evidence') AS evidence, json_extract(data, '$.evidence.confidence') AS confidence,
    json_extract(data, '$.lines') AS lines,
    json_extract(data, '$.first_scene') AS first_scene, json_extract(data, '$.last_scene') AS last_scene, data
FROM nodes WHERE kind = 'vehicle';

DROP VIEW IF EXISTS animals;
CREATE VIEW animals AS SELECT
    production, id, ord AS "order", json_extract(data, '$.kind') AS kind, json_extract(data, '$.name') AS name,
    json_extract(data, '$.hero') AS hero, json_extract(data, '$.owner') AS owner,
    json_extract(data, '$.evidence') AS evidence, json_extract(data, '$.evidence.confidence') AS confidence,
    json_extract(data, '$.lines') AS lines,
    json_extract(data, '$.first_scene') AS first_scene, json_extract(data, '$.last_scene') AS last_scene, data
FROM nodes WHERE kind = 'animal';

DROP VIEW IF EXISTS looks;
CREATE VIEW looks AS SELECT
    production, id, ord AS "order", json_extract(data, '$.character') AS character,
    json_extract(data, '$.description') AS description, json_extract(data, '$.clothes') AS clothes,
    json_extract(data, '$.condition') AS condition, json_extract(data, '$.story_day') AS story_day,
    json_extract(data, '$.age') AS age, json_extract(data, '$.evidence') AS evidence,
    json_extract(data, '$.evidence.confidence') AS confidence, json_extract(data, '$.lines') AS lines,
    json_extract(data, '$.first_scene') AS first_scene, json_extract(data, '$.last_scene') AS last_scene, data
FROM nodes WHERE kind = 'look';

DROP VIEW IF EXISTS assets;
CREATE VIEW assets AS SELECT
    production, id, ord AS "order", json_extract(data, '$.key') AS key, json_extract(data, '$.wanted') AS wanted,
    json_extract(data, '$.name') AS name, json_extract(data, '$.kind') AS kind,
    json_extract(data, '$.description') AS description, json_extract(data, '$.library') AS library,
    json_extract(data, '$.personality') AS personality, data
FROM nodes WHERE kind = 'asset';

DROP VIEW IF EXISTS shots;
CREATE VIEW shots AS SELECT
    production, id, ord AS "order", json_extract(data, '$.scene') AS scene, json_extract(data, '$.label') AS label,
    json_extract(data, '$.setup') AS setup, json_extract(data, '$.units') AS units,
    json_extract(data, '$.size') AS size, json_extract(data, '$.framing') AS framing,
    json_extract(data, '$.angle') AS angle, json_extract(data, '$.movement') AS movement,
    json_extract(data, '$.function') AS function, json_extract(data, '$.seconds') AS seconds,
    json_extract(data, '$.action_description') AS action_description,
    json_extract(data, '$.character_performance') AS character_performance,
    json_extract(data, '$.shot_purpose') AS shot_purpose, json_extract(data, '$.beat') AS beat,
    json_extract(data, '$.intensity') AS intensity, json_extract(data, '$.dialogue') AS dialogue,
    json_extract(data, '$.status') AS status, json_extract(data, '$.flags') AS flags,
    json_extract(data, '$.approved') AS approved, json_extract(data, '$.lines') AS lines, data
FROM nodes WHERE kind = 'shot';

DROP VIEW IF EXISTS appears_in;
CREATE VIEW appears_in AS SELECT
    production, key, src, dst, ord AS "order", json_extract(data, '$.presence.voice_only') AS voice_only,
    json_extract(data, '$.presence.on_phone') AS on_phone, json_extract(data, '$.presence.enters') AS enters,
    json_extract(data, '$.presence.exits') AS exits, json_extract(data, '$.presence.speeches') AS speeches,
    json_extract(data, '$.presence.look') AS look, json_extract(data, '$.presence.feels_from') AS feels_from,
    json_extract(data, '$.presence.feels_to') AS feels_to, json_extract(data, '$.presence.holding') AS holding,
    json_extract(data, '$.personality') AS personality, json_extract(data, '$.manner') AS manner,
    json_extract(data, '$.height_m') AS height_m, json_extract(data, '$.lines') AS lines,
    json_extract(data, '$.confidence') AS confidence, data
FROM edges WHERE kind = 'appears_in';

DROP VIEW IF EXISTS takes_place_at;
CREATE VIEW takes_place_at AS SELECT
    production, key, src, dst, ord AS "order",
    json_extract(data, '$.confidence') AS confidence, json_extract(data, '$.lines') AS lines, data
FROM edges WHERE kind = 'takes_place_at';

DROP VIEW IF EXISTS has_emotional_beat;
CREATE VIEW has_emotional_beat AS SELECT
    production, key, src, dst, ord AS "order", json_extract(data, '$.came_from') AS came_from,
    json_extract(data, '$.intensity') AS intensity, json_extract(data, '$.first_unit') AS first_unit,
    json_extract(data, '$.last_unit') AS last_unit, json_extract(data, '$.confidence') AS confidence,
    json_extract(data, '$.lines') AS lines, data
FROM edges WHERE kind = 'has_emotional_beat';

DROP VIEW IF EXISTS follows;
CREATE VIEW follows AS SELECT
    production, key, src, dst, ord AS "order", json_extract(data, '$.continuous') AS continuous,
    json_extract(data, '$.confidence') AS confidence, json_extract(data, '$.lines') AS lines, data
FROM edges WHERE kind = 'follows';

DROP VIEW IF EXISTS advances;
CREATE VIEW advances AS SELECT
    production, key, src, dst, ord AS "order",
    json_extract(data, '$.confidence') AS confidence, json_extract(data, '$.lines') AS lines, data
FROM edges WHERE kind = 'advances';

DROP VIEW IF EXISTS speaks_to;
CREATE VIEW speaks_to AS SELECT
    production, key, src, dst, ord AS "order", scope AS scene, json_extract(data, '$.speeches') AS speeches,
    json_extract(data, '$.units') AS units, json_extract(data, '$.confidence') AS confidence,
    json_extract(data, '$.lines') AS lines, data
FROM edges WHERE kind = 'speaks_to';

DROP VIEW IF EXISTS uses;
CREATE VIEW uses AS SELECT
    production, key, src, dst, ord AS "order", json_extract(data, '$.units') AS units,
    json_extract(data, '$.holders') AS holders, json_extract(data, '$.confidence') AS confidence,
    json_extract(data, '$.lines') AS lines, data
FROM edges WHERE kind = 'uses';

DROP VIEW IF EXISTS wears;
CREATE VIEW wears AS SELECT
    production, key, src, dst, ord AS "order", scope AS scene, json_extract(data, '$.story_day') AS story_day,
    json_extract(data, '$.confidence') AS confidence, json_extract(data, '$.lines') AS lines, data
FROM edges WHERE kind = 'wears';

DROP VIEW IF EXISTS part_of;
CREATE VIEW part_of AS SELECT
    production, key, src, dst, ord AS "order", data
FROM edges WHERE kind = 'part_of';

DROP VIEW IF EXISTS features;
CREATE VIEW features AS SELECT
    production, key, src, dst, ord AS "order", json_extract(data, '$.look') AS look,
    json_extract(data, '$.mouth') AS mouth, data
FROM edges WHERE kind = 'features';

DROP VIEW IF EXISTS needs;
CREATE VIEW needs AS SELECT
    production, key, src, dst, ord AS "order", json_extract(data, '$.entity') AS entity,
    json_extract(data, '$.wanted') AS wanted, data
FROM edges WHERE kind = 'needs';

DROP VIEW IF EXISTS cuts_to;
CREATE VIEW cuts_to AS SELECT
    production, key, src, dst, ord AS "order", json_extract(data, '$.transition') AS transition, data
FROM edges WHERE kind = 'cuts_to';

DROP VIEW IF EXISTS contains;
CREATE VIEW contains AS SELECT
    production, key, src, dst, ord AS "order", json_extract(data, '$.confidence') AS confidence,
    json_extract(data, '$.lines') AS lines, data
FROM edges WHERE kind = 'contains';

DROP VIEW IF EXISTS on_day;
CREATE VIEW on_day AS SELECT
    production, key, src, dst, ord AS "order",
    json_extract(data, '$.confidence') AS confidence, json_extract(data, '$.lines') AS lines, data
FROM edges WHERE kind = 'on_day';
