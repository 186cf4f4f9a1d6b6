/** A training run as one page: its curves, its settings, and its rollouts to read. */
import {
  formatCount,
  html,
  type Html,
  type PageSection,
  renderChart,
  renderPage,
  renderTable,
  sortScript,
  trustedHtml,
} from '@memagent/eval/report';
import type { StepMetrics } from '../trainer/metrics.ts';
import { type Curve, trainingCurves, warmUpCurves } from './curves.ts';
import { describeRun } from './describe-run.ts';
import { drawCurve } from './draw-curve.ts';
import type { PackedRollouts } from './pack-rollouts.ts';
import type { TrainingRun } from './read-training-run.ts';
import { rolloutScript } from './rollout-script.ts';
import { rolloutStyle } from './rollout-style.ts';
import { settingsTable } from './settings-table.ts';

/** The page as a complete HTML document that needs no network and no file beside it. */
export function renderTrainingReport(run: TrainingRun, rollouts: PackedRollouts): string {
  const warmUp = run.metrics.filter(({ phase }) => phase === 'warm-up');
  const training = run.metrics.filter(({ phase }) => phase === 'rl');
  return renderPage({
    title: `memagent training: ${run.name}`,
    introduction: describeRun(run),
    style: rolloutStyle,
    scripts: [sortScript, rolloutScript],
    sections: [
      ...curveSection('training', 'Reinforcement learning', trainingCurves(training), training),
      ...curveSection('warm-up', 'Supervised warm-up', warmUpCurves, warmUp),
      { id: 'rollouts', title: 'Rollouts', content: renderRollouts(rollouts) },
      { id: 'settings', title: 'Settings', content: renderTable(settingsTable(run.config)) },
    ],
  });
}

function curveSection(
  id: string,
  title: string,
  curves: readonly Curve[],
  metrics: readonly StepMetrics[],
): PageSection[] {
  if (metrics.length === 0) return [];
  const charts = curves.map((curve) => renderChart(drawCurve(id, curve, metrics)));
  return [{ id, title, content: html`<div class="charts">${charts}</div>` }];
}

function renderRollouts({ steps, leftOut }: PackedRollouts): Html {
  if (steps.length === 0) {
    return html`<p>
      ${
        leftOut === 0
          ? 'No rollouts were recorded.'
          : `The rollouts of ${formatCount(leftOut)} steps are too large for this page; choose some with --rollout-steps.`
      }
    </p>`;
  }
  return html`<p class="note">
      Every conversation of a rollout stands alone, and all of them get the advantage of the final
      answer.${
        leftOut === 0
          ? ''
          : ` The rollouts of ${formatCount(leftOut)} more steps are in the run’s folder; --rollout-steps makes a page of those that are wanted.`
      }
    </p>
    <noscript
      ><p>
        To read them here, the page needs JavaScript; they lie in the run’s folder as JSON lines.
      </p></noscript
    >
    <div id="rollout-viewer" hidden>
      <div class="controls">
        <label for="rollout-step">Step</label>
        <select id="rollout-step">
          ${steps.map(({ step }) => html`<option value="${step}">${formatCount(step)}</option> `)}
        </select>
        <button type="button" id="rollout-earlier">Earlier</button>
        <button type="button" id="rollout-later">Later</button>
        <span class="facts" id="rollout-state" role="status"></span>
      </div>
      <div id="rollout-list"></div>
    </div>
    ${steps.map(({ step, base64 }) =>
      // Base64 has no character that could end the element.
      trustedHtml(`<script type="application/gzip" id="rollouts-${step}">${base64}</script>\n`),
    )}`;
}
