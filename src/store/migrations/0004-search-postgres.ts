/**
 * What is searched, as PostgreSQL has it. An index of words has no order, so the words of an entry have its property and
 * its hour, day and month among them: a search looks through one stretch of time after the other. Similar words are
 * found where the database may have `pg_trgm`; without it everything else works.
 */
export const searchPostgres = `
  CREATE TABLE search_progress (
    enterprise_id UUID PRIMARY KEY,
    oldest BIGINT NOT NULL,
    newest BIGINT NOT NULL
  ) PARTITION BY HASH (enterprise_id);

  CREATE TABLE search_document (
    enterprise_id UUID NOT NULL,
    sequence BIGINT NOT NULL,
    created BIGINT NOT NULL,
    words TSVECTOR NOT NULL,
    PRIMARY KEY (enterprise_id, sequence)
  ) PARTITION BY HASH (enterprise_id);
  -- Whoever searches reads all that is pending, in kilobytes.
  CREATE INDEX search_document_words ON search_document USING gin (words) WITH (gin_pending_list_limit = 256);

  CREATE TABLE search_word (
    enterprise_id UUID NOT NULL,
    word TEXT COLLATE "C" NOT NULL,
    uses BIGINT NOT NULL,
    PRIMARY KEY (enterprise_id, word)
  ) PARTITION BY HASH (enterprise_id);

  DO $$
  BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX search_word_similar ON search_word USING gin (word gin_trgm_ops);
  EXCEPTION
    WHEN insufficient_privilege OR undefined_file OR undefined_object OR feature_not_supported THEN NULL;
  END
  $$;
`;
