-- What `console_pages.py` fills a database with; `:many` conversations. Statements stand apart by empty lines.

INSERT INTO conversations (id, channel, language, locale, state, fencing_number, assistant_paused, next_seq, epoch,
  epoch_turns, busy, low_confidence, crm_informed, created_at, last_message_at, queued_at, queue_key,
  handoff_reason, scanned_until, judged_until)
SELECT 'c' || n, (ARRAY['web','telegram','whatsapp'])[1 + n % 3], CASE WHEN n % 3 = 0 THEN 'zh' ELSE 'en' END,
  CASE WHEN n % 3 = 0 THEN 'zh' ELSE 'en' END, CASE WHEN n % 2000 = 0 THEN 'queued' ELSE 'assistant' END, 0, false,
  5, 1, 2, false, n % 5 = 0, true, at, at + interval '5 minutes', CASE WHEN n % 2000 = 0 THEN at END,
  CASE WHEN n % 2000 = 0 THEN at END, CASE WHEN n % 10 = 0 THEN 'asked' END, at + interval '5 minutes',
  at + interval '5 minutes'
FROM (SELECT n, now() - interval '4 days' - n * interval '360 days' / :many AS at
      FROM generate_series(1, :many) AS n) AS made

INSERT INTO turns (id, conversation_id, first_seq, last_seq, state, input, attempts, next_try_at, received_at,
  finished_at, intent, confidence, actions, understanding)
SELECT c.id || '-' || k, c.id, k * 2 - 1, k * 2 - 1, CASE WHEN n % 997 = 0 THEN 'given_up' ELSE 'answered' END,
  jsonb_build_object('kind', 'text', 'text', 'where is my parcel word' || n % 500), 1, c.created_at, c.created_at,
  c.created_at + interval '1 second', 'intent_' || (n + k) % 60, (n % 100) / 100.0,
  '[{"name": "action_a"}, {"name": "utter_b"}]'::jsonb, '{"intent": null, "ranking": [], "entities": []}'::jsonb
FROM (SELECT *, substr(id, 2)::int AS n FROM conversations) AS c, generate_series(1, 2) AS k

INSERT INTO messages (conversation_id, seq, author, kind, content, turn_id, at)
SELECT c.id, k, CASE WHEN k % 2 = 1 THEN 'shopper' ELSE 'assistant' END, 'text', jsonb_build_object('kind', 'text',
  'text', CASE WHEN n % 3 = 0 THEN '我的快递到哪了 ' ELSE 'where is my parcel ' END || 'word' || (n * 7 + k) % 5000),
  c.id || '-' || (k + 1) / 2, c.created_at + k * interval '1 minute'
FROM (SELECT *, substr(id, 2)::int AS n FROM conversations) AS c, generate_series(1, 4) AS k

INSERT INTO search_documents (message_id, conversation_id, words)
SELECT id, conversation_id, CASE WHEN content->>'text' LIKE '我%' THEN '我的 的快 快递 递到 到哪 哪了 '
  ELSE 'where is my parcel ' END || substr(content->>'text', position('word' in content->>'text')) FROM messages

INSERT INTO handovers (conversation_id, reason, requested_at, in_hours, leases_lost, ended_at, outcome)
SELECT id, 'asked', created_at, true, 0, CASE WHEN state <> 'queued' THEN created_at + interval '9 minutes' END,
  CASE WHEN state <> 'queued' THEN 'resolved' END FROM conversations WHERE handoff_reason IS NOT NULL

INSERT INTO conversation_segments (conversation_id, key)
SELECT id, 'segment_' || (substr(id, 2)::int + k) % 8 FROM conversations, generate_series(0, 1) AS k
WHERE substr(id, 2)::int % 2 = 0

INSERT INTO review_items (turn_id, conversation_id, at, language, intent, confidence, score, signals, state)
SELECT t.id, t.conversation_id, t.received_at, c.locale, t.intent, t.confidence, random() * 9,
  '["low_confidence"]'::jsonb, 'open' FROM turns t JOIN conversations c ON c.id = t.conversation_id
WHERE t.first_seq = 1 AND substr(c.id, 2)::int % 5 = 0

INSERT INTO conversation_facts (conversation_id, judged_at, started_at, ended_at, channel, language, topic, intent,
  turns, not_understood, against, handover_reason, agent_messages, score, answer_seconds, left_at)
SELECT id, last_message_at, created_at, last_message_at, channel, language,
  (ARRAY['orders','shipments','returns','products','payments','help','other'])[1 + n % 7], 'intent_' || n % 60, 2,
  (n % 6 = 0)::int, (ARRAY['handed_over','not_understood','low_rating','new_contact','case_open',NULL,NULL,NULL,
  NULL,NULL])[1 + n % 10], handoff_reason, 0, CASE WHEN n % 4 = 0 THEN 1 + n % 5 END, 0.3,
  CASE WHEN n % 9 = 0 THEN 'utter_ask_' || n % 12 END FROM (SELECT *, substr(id, 2)::int AS n FROM conversations) AS c

INSERT INTO unknown_messages (turn_id, conversation_id, at, language, words)
SELECT t.id, t.conversation_id, t.received_at, 'en', 'do you sell word' || substr(c.id, 2)::int % 90
FROM turns t JOIN conversations c ON c.id = t.conversation_id WHERE t.first_seq = 1 AND substr(c.id, 2)::int % 6 = 0

INSERT INTO audit_log (at, action, conversation_id) SELECT created_at, 'conversation.take', id FROM conversations
