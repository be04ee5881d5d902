/**
 * What is searched: a projection of each property's log, which can be thrown away and made again. `search_index` has the
 * words of every message, note and new thread, with the thread's sender and subject, by a rowid that grows with time, so
 * that it is read from the newest on; `search_document` says which entry of which log that is. `search_word` has the
 * words themselves, to finish one that is being typed.
 */
export const search = `
  -- The entries of its log from the oldest to the newest are in the index. It begins at the end and goes both ways.
  CREATE TABLE search_progress (
    number INTEGER PRIMARY KEY,
    enterprise_id TEXT NOT NULL UNIQUE REFERENCES enterprise (id),
    oldest INTEGER NOT NULL,
    newest INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE search_document (
    id INTEGER PRIMARY KEY,
    property INTEGER NOT NULL,
    sequence INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE search_word (
    property INTEGER NOT NULL,
    word TEXT NOT NULL,
    uses INTEGER NOT NULL,
    PRIMARY KEY (property, word)
  ) STRICT, WITHOUT ROWID;

  -- Words come folded and apart, so that both engines agree on what one is: there is nothing left to tokenize.
  CREATE VIRTUAL TABLE search_index USING fts5 (
    property, sender, subject, text, content = '', columnsize = 0, tokenize = 'ascii'
  );
`;
