-- The tables stay: the views, made anew after this, tell a scene's subtext, who worded its goal, and the film's question.
DROP VIEW IF EXISTS scenes;
DROP VIEW IF EXISTS films;
