import { html, nothing, type TemplateResult } from 'lit';

/** `columns`: heading and content of a cell. On a phone each row is a card whose lines carry the headings. */
export const recordTable = <Row>(
  caption: string,
  columns: readonly (readonly [heading: string, cell: (row: Row) => unknown])[],
  rows: readonly Row[],
  options: { readonly name?: string; readonly captionHidden?: boolean } = {},
): TemplateResult => html`
  <table class="record-table" data-table=${options.name ?? nothing}>
    <caption class=${options.captionHidden ? 'visually-hidden' : ''}>
      ${caption}
    </caption>
    <thead>
      <tr>
        ${columns.map(([heading]) => html`<th scope="col">${heading}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${columns.map(([heading, cell]) => html`<td data-label=${heading}><span>${cell(row)}</span></td>`)}
          </tr>`,
      )}
    </tbody>
  </table>
`;
