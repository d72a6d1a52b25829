-- Without statistics each statement has the one plan that it was written for. What was counted when the
-- tables were small lets the planner walk all of a table long after it has grown.
DROP TABLE IF EXISTS sqlite_stat1;
DROP TABLE IF EXISTS sqlite_stat4;
