import { LocationProvider, lazy, Route, Router, useLocation } from 'preact-iso';
import { useEffect, useRef } from 'preact/hooks';
import { KeyDialog } from './components/key-dialog.tsx';
import { ShortcutsDialog, useShortcuts } from './components/shortcuts.tsx';
import { ThemeButton } from './components/theme-button.tsx';
import { AskPage } from './pages/ask.tsx';
import { NotFoundPage } from './pages/not-found.tsx';
import { RunPage } from './pages/run.tsx';
import { RunsPage } from './pages/runs.tsx';
import icon from './icon.svg';

const ComparePage = lazy(() => import('./pages/compare.tsx').then(({ ComparePage: page }) => page));
const BatchesPage = lazy(() => import('./pages/batches.tsx').then(({ BatchesPage: page }) => page));
const BatchPage = lazy(() => import('./pages/batch.tsx').then(({ BatchPage: page }) => page));
const EvaluationsPage = lazy(() => import('./pages/evaluations.tsx').then((pages) => pages.EvaluationsPage));
const EvaluationPage = lazy(() => import('./pages/evaluations.tsx').then((pages) => pages.EvaluationPage));
const TrainingsPage = lazy(() => import('./pages/trainings.tsx').then((pages) => pages.TrainingsPage));
const TrainingPage = lazy(() => import('./pages/trainings.tsx').then((pages) => pages.TrainingPage));

const places = [
  { path: '/', title: 'Ask' },
  { path: '/runs', title: 'Runs' },
  { path: '/compare', title: 'Compare' },
  { path: '/batches', title: 'Batches' },
  { path: '/evaluations', title: 'Evaluations' },
  { path: '/trainings', title: 'Training' },
];

export function App() {
  return (
    <LocationProvider scope={/^\/(?!v1\/|docs|openapi)/}>
      <Frame />
    </LocationProvider>
  );
}

function Frame() {
  const { path } = useLocation();
  const main = useRef<HTMLElement>(null);
  const nav = useRef<HTMLElement>(null);
  const shown = useRef(path);
  useShortcuts();
  useEffect(() => {
    // On a phone not all of them have room.
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [path]);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    // As after the load of a page: from the top, and read from its beginning.
    main.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [path]);
  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header class="top">
        <div class="top-row">
          <a class="brand" href="/">
            <img src={icon} alt="" />
            memagent studio
          </a>
          <nav class="nav" aria-label="Pages" ref={nav}>
            {places.map((place) => (
              <a
                key={place.path}
                href={place.path}
                aria-current={isWithin(path, place.path) ? 'page' : undefined}
              >
                {place.title}
              </a>
            ))}
          </nav>
          <div class="top-actions">
            <ThemeButton />
            <ShortcutsDialog />
          </div>
        </div>
      </header>
      <main id="main" tabIndex={-1} ref={main}>
        <Router>
          <Route path="/" component={AskPage} />
          <Route path="/runs" component={RunsPage} />
          <Route path="/runs/:id" component={RunPage} />
          <Route path="/compare" component={ComparePage} />
          <Route path="/batches" component={BatchesPage} />
          <Route path="/batches/:name" component={BatchPage} />
          <Route path="/evaluations" component={EvaluationsPage} />
          <Route path="/evaluations/:id" component={EvaluationPage} />
          <Route path="/trainings" component={TrainingsPage} />
          <Route path="/trainings/:id" component={TrainingPage} />
          <Route default component={NotFoundPage} />
        </Router>
      </main>
      <KeyDialog />
    </>
  );
}

function isWithin(path: string, place: string): boolean {
  return place === '/' ? path === '/' : path === place || path.startsWith(`${place}/`);
}
