/** How a question in memagent's own schema is scored: as the data set is that its `dataset` names. */
import type { EvalItem } from '../item.ts';
import { levalQuestion } from './leval-tasks.ts';
import { letterChoices, listChoices } from './list-choices.ts';
import type { Skip } from './load-rows.ts';
import { locomoScoring } from './locomo.ts';
import { longBenchTasks } from './longbench-v1-tasks.ts';
import { longBenchScoring } from './longbench-v1.ts';
import { longBenchV2OutputTokens } from './longbench-v2.ts';
import { longMemEvalScoring } from './longmemeval.ts';
import { qaOutputTokens } from './qa-output-tokens.ts';
import type { QuestionRow } from './question-row.ts';
import { storyOutputTokens } from './story-output-tokens.ts';

export type Scoring = Pick<
  EvalItem,
  'question' | 'answers' | 'metric' | 'outputTokens' | 'unanswerable' | 'choices'
>;

/** A row's own `metric` comes first; questions of data sets that are not known here are scored by F1. */
export function scoreQuestion(row: QuestionRow): Scoring | Skip {
  const scoring = scoringOfDataSet(row);
  if ('reason' in scoring) return scoring;
  const scored = row.metric === undefined ? scoring : { ...scoring, metric: row.metric };
  const needsAnswer = scored.metric !== 'abstention' && !scored.unanswerable;
  if (!needsAnswer || scored.answers.length > 0) return scored;
  return { kind: 'bad', reason: 'no answers, and not marked as unanswerable' };
}

function scoringOfDataSet(row: QuestionRow): Scoring | Skip {
  const { dataset, question, answers, unanswerable, choices, task = '', type = '' } = row;
  if (choices) {
    const byLetter = letterChoices(choices);
    return {
      question: listChoices(question, byLetter),
      choices: byLetter,
      answers,
      metric: 'multiple-choice',
      outputTokens: longBenchV2OutputTokens,
    };
  }
  if (dataset.startsWith('leval')) {
    return levalQuestion(task, question, answers) ?? { kind: 'bad', reason: `L-Eval has no task ${task}` };
  }
  const longBenchTask = longBenchTasks[task];
  if (dataset.startsWith('longbench-v1') && longBenchTask) {
    return { question, ...longBenchScoring(task, longBenchTask, answers) };
  }
  if (dataset.startsWith('locomo')) {
    const scoring = locomoScoring(type, answers);
    return scoring ? { question, ...scoring } : { kind: 'bad', reason: 'no answers' };
  }
  if (dataset.startsWith('longmemeval')) {
    const scoring = longMemEvalScoring(type, answers, unanswerable);
    const today = row.question_date === undefined ? '' : `Today is ${row.question_date}. `;
    return 'reason' in scoring ? scoring : { question: `${today}${question}`, ...scoring };
  }
  if (/^(fairytale|narrative)qa/.test(dataset)) {
    return { question, answers, metric: 'rouge-l', outputTokens: storyOutputTokens };
  }
  if (unanswerable && !dataset.startsWith('squad')) {
    return { question, answers: [], metric: 'abstention', unanswerable, outputTokens: qaOutputTokens };
  }
  return {
    question,
    answers,
    metric: 'f1',
    outputTokens: qaOutputTokens,
    ...(unanswerable ? { unanswerable } : {}),
  };
}
