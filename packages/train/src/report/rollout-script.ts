/**
 * The page's program that shows rollouts: it unpacks the step that is chosen and writes it down as text, never as
 * HTML. A rollout's conversations are made when it is opened.
 */
export const rolloutScript = `
const viewer = document.querySelector('#rollout-viewer');
const shown = document.querySelector('#rollout-list');
const choice = document.querySelector('#rollout-step');
const state = document.querySelector('#rollout-state');

function make(name, className, ...content) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...content);
  return element;
}
const signed = (value) => (value > 0 ? '+' : value < 0 ? '\\u2212' : '') + Math.abs(value).toFixed(3);
const totalOf = ({ task, shaped, penalties }) =>
  [task, ...Object.values(shaped), ...Object.values(penalties)].reduce((sum, part) => sum + part, 0);

function grades({ reward, advantage, kept }) {
  const parts = Object.entries({ ...reward.shaped, ...reward.penalties });
  const sum = parts.length === 0 ? '' : ' = task ' + reward.task.toFixed(3) + parts.map(([name, part]) => ', ' + name + ' ' + signed(part)).join('');
  const sign = advantage > 0 ? 'good' : advantage < 0 ? 'bad' : 'even';
  return [
    make('span', 'grade', 'reward ' + totalOf(reward).toFixed(3) + sum),
    make('span', 'grade ' + sign, kept ? 'advantage ' + signed(advantage) : 'not trained on'),
  ];
}

function block(label, className, text) {
  const box = make('pre', className, text === '' ? '(empty)' : text);
  box.tabIndex = 0;
  box.setAttribute('role', 'region');
  box.setAttribute('aria-label', label);
  return make('div', 'turn', make('div', 'label', label), box);
}

function conversation(one, rollout, number) {
  const each = one.actions === 0 ? '' : ', mean log-probability ' + signed(one.logprob / one.actions);
  const heading = make('h4', '', number + '. ' + one.step + (one.isAnswer && one.step !== 'answer' ? ' (the answer)' : ''));
  const facts = make('span', 'facts', one.actions + (one.actions === 1 ? ' action' : ' actions') + each);
  return make('article', 'conversation', make('header', 'facts', heading, ...grades(rollout), facts),
    block('What the policy saw', 'saw', one.observation), block('What it did', 'did', one.action));
}

function rolloutOf(rollout) {
  const name = make('strong', '', 'Rollout ' + (rollout.rollout + 1));
  const answer = make('span', 'answer', rollout.answer === '' ? '(no answer)' : rollout.answer);
  const details = make('details', 'rollout', make('summary', '', name, ' ', ...grades(rollout), ' ', answer));
  details.addEventListener('toggle', () => {
    if (!details.open || details.childElementCount > 1) return;
    details.append(...rollout.conversations.map((one, index) => conversation(one, rollout, index + 1)),
      block('The memory at the end', 'saw', rollout.memory));
  });
  return details;
}

function groupOf(rollouts) {
  const [first] = rollouts;
  const fate = first.kept ? 'trained on' : 'not trained on: its rewards are all equal';
  return make('section', 'group',
    make('h3', '', 'Group ' + (first.group + 1) + ': ' + first.question),
    make('p', 'note', 'Accepted: ' + first.answers.join(' | ') + '. Sample ' + first.sampleId + '; ' + fate + '.'),
    ...rollouts.map(rolloutOf));
}

async function unpack(step) {
  const text = atob(document.querySelector('#rollouts-' + step).textContent.trim());
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  const lines = (await new Response(stream).text()).trim().split('\\n');
  return lines.map((line) => JSON.parse(line));
}

async function show() {
  const step = choice.value;
  state.textContent = 'Unpacking step ' + step + '.';
  const rollouts = await unpack(step);
  if (step !== choice.value) return;
  shown.replaceChildren(...[...Map.groupBy(rollouts, ({ group }) => group).values()].map(groupOf));
  state.textContent = rollouts.length + ' rollouts of step ' + step + '.';
}

function move(by) {
  const index = choice.selectedIndex + by;
  if (index < 0 || index >= choice.options.length) return;
  choice.selectedIndex = index;
  show();
}

if (viewer) {
  viewer.hidden = false;
  choice.addEventListener('change', show);
  document.querySelector('#rollout-earlier').addEventListener('click', () => move(-1));
  document.querySelector('#rollout-later').addEventListener('click', () => move(1));
  choice.selectedIndex = choice.options.length - 1;
  show();
}
`;
