/** The page's only script: a click on a column's heading sorts by it. Without it, the tables are in order. */
export const sortScript = `
for (const table of document.querySelectorAll('table')) {
  const body = table.tBodies[0];
  const headings = [...table.tHead.rows[0].cells];
  const keyOf = (row, index) => {
    const cell = row.cells[index];
    return cell.dataset.sort === undefined ? cell.textContent : Number(cell.dataset.sort);
  };
  const compare = (a, b) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en', { numeric: true });
  if (body.rows.length < 2) continue;
  headings.forEach((heading, index) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener('click', () => {
      const isDescending = heading.ariaSort === 'ascending';
      for (const other of headings) other.removeAttribute('aria-sort');
      heading.setAttribute('aria-sort', isDescending ? 'descending' : 'ascending');
      const sign = isDescending ? -1 : 1;
      body.append(...[...body.rows].sort((a, b) => sign * compare(keyOf(a, index), keyOf(b, index))));
    });
  });
}
`;
