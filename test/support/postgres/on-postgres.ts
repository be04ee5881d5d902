/** Has everything that a test file starts kept in PostgreSQL, whatever the engine of the run. To be imported first. */
process.env.INNBOX_TEST_ENGINE = "postgres";
