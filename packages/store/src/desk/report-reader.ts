import { fromHex } from '@mandate/core';
import type { DeskReportRows, RecordReader, ReportActRow } from '@mandate/ceremony';
import { sql } from 'kysely';
import type { Tx } from '../connect.js';
import { streamed } from '../streamed.js';
import { sinceThen } from './rule-start.js';

type ToldAct = Omit<ReportActRow, 'at' | 'mac'> & { readonly at: string; readonly mac: string };

/**
 * Numbers of reports that are at their end: by their row, by what role vault entered, or by files of theirs. A row that
 * waits is not there yet, as long as its job goes on.
 */
export const reportReader = (tx: Tx): Pick<RecordReader, 'deskReports'> => ({
  deskReports: async function* () {
    const rows = streamed<Omit<DeskReportRows, 'acts'> & { readonly acts: readonly ToldAct[] }>(
      tx,
      'reports',
      // `entered` is a row's own word: what has acts, or ended after there were any, was entered whatever it says
      sql`SELECT n.report_id, i.authorization_id, i.state, i.made_at, i.facts, i.indication, i.sub_indication,
          EXISTS (SELECT 1 FROM report_acts x JOIN report_job_orders o ON o.order_id = x.order_id
                  JOIN report_items y ON y.job_id = o.job_id AND y.authorization_id = x.authorization_id
                  WHERE x.report_id = n.report_id) AS wanted,
          (SELECT coalesce(jsonb_object_agg(f.name, f.digest), '{}'::jsonb)
           FROM report_files f WHERE f.report_id = n.report_id) AS files,
          (SELECT coalesce(jsonb_agg(jsonb_build_object('reportId', x.report_id, 'act', x.act,
              'authorizationId', x.authorization_id, 'orderId', x.order_id, 'accessId', x.access_id,
              'said', x.said, 'at', x.at, 'mac', encode(x.mac, 'hex'))), '[]'::jsonb)
           FROM report_acts x WHERE x.report_id = n.report_id) AS acts
        FROM (SELECT report_id FROM report_items WHERE state = 'done'
              UNION SELECT report_id FROM report_acts WHERE act = 'result'
              UNION SELECT report_id FROM report_files) n
        LEFT JOIN report_items i ON i.report_id = n.report_id
        LEFT JOIN report_jobs j ON j.id = i.job_id
        WHERE CASE i.state
          WHEN 'done' THEN i.entered OR EXISTS (SELECT 1 FROM report_acts x WHERE x.report_id = i.report_id)
            OR i.ended_at >= ${sinceThen('0036-%', sql`SELECT min(at) FROM report_acts`)}
          WHEN 'waiting' THEN j.state = 'done'
            OR EXISTS (SELECT 1 FROM report_files f WHERE f.report_id = i.report_id)
          ELSE true END
        ORDER BY n.report_id`,
    );
    for await (const { acts, ...row } of rows)
      yield {
        ...row,
        acts: acts.map((act) => ({ ...act, at: new Date(act.at), mac: fromHex(act.mac) })),
      };
  },
});
