import { PageTitle } from '../components/page-title.tsx';

export function NotFoundPage() {
  return (
    <>
      <PageTitle title="There is no such page" />
      <p>
        <a href="/">Ask a question</a>, or look at the <a href="/runs">runs</a>.
      </p>
    </>
  );
}
