import type { TemplateVoteRecord } from '@mandate/ceremony';
import { guarded, type Database } from '../connect.js';
import { templateRows } from '../institutions/template-rows.js';

/** Role vault: what people of the desk said of templates. */
export const templateVoteRows = (db: Database): TemplateVoteRecord => ({
  findTemplate: templateRows(db).findTemplate,
  addTemplateVote: (row) =>
    guarded(async () => {
      await db.insertInto('templateVotes').values(row).execute();
    }),
});
