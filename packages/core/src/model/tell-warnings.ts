import type { SharedV4Warning } from '@ai-sdk/provider';
import type { StepContext } from '../reader/reader.ts';

/** Tells what the provider's adapter says about a call (settings that the model does not take), once each. */
export async function tellWarnings(
  warnings: readonly SharedV4Warning[],
  context: Pick<StepContext, 'notifyOnce'>,
): Promise<void> {
  for (const warning of warnings) {
    await context.notifyOnce('model-warning', `The model's provider says: ${describe(warning)}`);
  }
}

function describe(warning: SharedV4Warning): string {
  switch (warning.type) {
    case 'unsupported':
      return `${warning.feature} is not supported and was left out${details(warning.details)}`;
    case 'compatibility':
      return `${warning.feature} is imitated, which may cost quality${details(warning.details)}`;
    case 'deprecated':
      return `${warning.setting} is deprecated: ${warning.message}`;
    case 'other':
      return warning.message;
    default:
      return warning satisfies never;
  }
}

function details(text: string | undefined): string {
  return text === undefined ? '.' : `: ${text}`;
}
