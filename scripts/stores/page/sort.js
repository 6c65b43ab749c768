// Sorts a table by the pressed column heading, and shows the evidence of the pressed cell.
for (const table of document.querySelectorAll('table')) {
  const heads = [...table.tHead.rows[0].cells];
  for (const [at, head] of heads.entries()) {
    head.querySelector('button').addEventListener('click', () => {
      const up = head.getAttribute('aria-sort') !== 'ascending';
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      const body = table.tBodies[0];
      const textOf = (row) => row.cells[at].textContent;
      const rows = [...body.rows].sort((one, other) =>
        textOf(one).localeCompare(textOf(other), 'en', { numeric: true }),
      );
      body.append(...(up ? rows : rows.reverse()));
    });
  }
}
const dialog = document.getElementById('evidence');
document.querySelector('main').addEventListener('click', ({ target }) => {
  const { what, question, seen, trap } = target.closest?.('button')?.dataset ?? {};
  if (!what) return;
  for (const [id, words] of Object.entries({ what, question, seen, trap })) {
    document.getElementById(id).textContent = words;
  }
  dialog.showModal();
});
