/** The server's replies, as far as the page uses them. */
import type { RunResult } from '@memagent/core';

export type RunStatus = 'running' | 'stopped' | 'cancelled' | 'finished';

export interface RunSummary {
  runId: string;
  status: RunStatus;
  question: string;
  model: string | null;
  documents: { name: string }[];
  sections: number;
  createdAt: number;
  updatedAt: number;
  origin: string;
  batch?: string;
  settings: { reader: string; strategy: string; model: string | null } & Record<string, unknown>;
}

export interface RunView extends RunSummary {
  result: RunResult | null;
}

export interface RunPage {
  data: RunSummary[];
  hasMore: boolean;
  next: string | null;
}

export interface ServedModel {
  id: string;
  description: string;
  has_language_model: boolean;
}

export interface Setting {
  name: string;
  type: 'string' | 'number' | 'integer';
  description: string;
  default: string | number | null;
  choices?: string[];
  minimum?: number;
  maximum?: number;
}

export interface Sample {
  id: string;
  title: string;
  questions: string[];
}

export interface StoredFile {
  id: string;
  filename: string;
  bytes: number;
  created_at: number;
}

export interface Estimate {
  sections: number;
  tokens: number;
  calls: number;
  promptTokens: number;
  completionTokens: number;
  cost?: number;
  model: string | null;
  strategy: string;
  exact: boolean;
}

export interface SectionText {
  section: number;
  tokens: number;
  spans: { source: string; start: number; end: number; text: string }[];
}

export type DocumentInput = { fileId: string } | { text: string; name?: string } | { sample: string };

export interface NewRun {
  question: string;
  documents: DocumentInput[];
  model?: string;
  settings?: Record<string, string | number>;
  batch?: string;
}

/** A request as it went to the model. */
export interface StepRequest {
  step: string;
  attempt: number;
  messages: { role: string; content: string }[];
  settings: Record<string, unknown>;
}
