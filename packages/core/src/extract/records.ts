/** What extraction comes to: records, where each of their values stands, and what could not be had. */
import type { Json } from '../json.ts';

/** The fields of a record, as the model wrote them. */
export type RecordFields = { [field: string]: Json };

/** Where a value stands. */
export interface FieldCitation {
  /** The words that the model gave for it. */
  quote: string;
  /** Whether they stand in the text that the model was shown: not whether they mean the value. */
  supported: boolean;
  /** Name of the source; empty when not supported. */
  source: string;
  /** Page of the source; null where it has none. */
  page: number | null;
  /** UTF-16 offsets of the quote in the source's extracted text, end exclusive; both 0 when not supported. */
  start: number;
  end: number;
  /** 1-based number of the section that was read. */
  section: number;
}

/** A record as one section states it. */
export interface RecordMention {
  fields: RecordFields;
  /** By field; none for a field without a value. */
  citations: { [field: string]: FieldCitation };
}

/** One value of a field. */
export interface FieldValue {
  value: Json;
  /** How many mentions of the record have it. */
  mentions: number;
  /** Where: of the first mentions, the supported ones first. */
  citations: FieldCitation[];
}

/** A record, put together from all its mentions. */
export interface ExtractedRecord<T = unknown> {
  /** 1-based, in the order in which records were first met. */
  id: number;
  /** The record as the schema gives it back. Of values in conflict it has the one with most mentions. */
  record: T;
  /** All values of each field, the one in `record` first. */
  fields: { [field: string]: FieldValue[] };
  /** Fields with more than one value. */
  conflicts: string[];
  /** Fields whose value in `record` has no quotation that stands in the source. */
  unsupported: string[];
  mentions: number;
}

/** Why something was dropped. */
export type DropReason =
  /** A record did not follow the schema, or a reply was no JSON, also when the model was told so. */
  | 'invalid'
  /** A reply was cut off by its limit of tokens, for a piece of text too small to be divided. */
  | 'cut'
  /** The model refused, or wrote nothing, every time it was asked. */
  | 'refused'
  | 'empty';

/** A record, or a piece of the document, that is missing from the records. */
export interface Dropped {
  reason: DropReason;
  /** What was wrong, in words. */
  message: string;
  section: number;
  /** The record; absent when all that a piece of the document holds is missing. */
  fields?: Json;
}

/** What a run of `extract` came to. */
export interface ExtractionSummary {
  records: number;
  /** Mentions of records, those that were merged into one counted each. */
  mentions: number;
  /** Records with fields that have more than one value. */
  conflicts: number;
  /** Records with fields that are not supported. */
  unsupported: number;
  dropped: {
    /** Records that were left out, and pieces of the document of which nothing could be had. */
    records: number;
    pieces: number;
    /** The first few; the events `records-extracted` have all. */
    first: Dropped[];
  };
}
