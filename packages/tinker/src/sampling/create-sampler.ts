import { TinkerError } from '../errors.ts';
import { readAccepted } from '../http/accepted.ts';
import { ask } from '../http/connection.ts';
import { postJson } from '../http/http-request.ts';
import { readForm } from '../http/read-answer.ts';
import { retrieve } from '../http/retrieve.ts';
import { callSignal, type SessionContext } from '../session/session-context.ts';
import { decodeSampleOutput } from '../wire/sample-output-message.ts';
import { sampleOutputJson } from '../wire/sample-output-json.ts';
import { checkSampleRequest, sampleRequestToJson } from './sample-request-json.ts';
import type { Sampler, SampleOutput, SampleRequest } from './sampler.ts';

/** How often a sample is drawn again whose result the server lost. */
const maxAttempts = 3;

/** Samples within a sampling session. A sample has no effect, so one that was lost is drawn again. */
export function createSampler(context: SessionContext, samplingSessionId: string): Sampler {
  const { connection } = context;
  let nextSeqId = 0;

  const sampleOnce = async (request: SampleRequest, signal: AbortSignal): Promise<SampleOutput> => {
    const seqId = nextSeqId++;
    const body = { ...sampleRequestToJson(request), sampling_session_id: samplingSessionId, seq_id: seqId };
    const headers = { 'X-Tinker-Sampling-Backpressure': '1' };
    const answer = await ask(connection, postJson('asample', body, { signal, headers }));
    const accepted = readAccepted(connection, 'asample', answer, seqId);
    const result = await retrieve(connection, accepted, { accept: context.accept, signal });
    const output =
      'binary' in result
        ? decodeSampleOutput(result.binary)
        : readForm('asample', result.json, sampleOutputJson);
    return nameSequences(output, accepted.sequenceIds);
  };

  return {
    samplingSessionId,
    async sample(request, { signal } = {}) {
      checkSampleRequest(request);
      const ends = callSignal(context, signal);
      for (let attempt = 1; ; attempt++) {
        try {
          return await sampleOnce(request, ends);
        } catch (error) {
          if (!(error instanceof TinkerError) || error.code !== 'result-lost' || attempt === maxAttempts)
            throw error;
          connection.emit({ type: 'sample-resubmitted', requestId: error.requestId ?? '', attempt });
        }
      }
    },
  };
}

/** Sequences are named when the request is taken, in the order of the result. */
const nameSequences = (output: SampleOutput, ids: readonly string[] | undefined): SampleOutput =>
  ids
    ? {
        ...output,
        sequences: output.sequences.map((sequence, index) => ({
          ...sequence,
          sequenceId: ids[index] ?? sequence.sequenceId,
        })),
      }
    : output;
