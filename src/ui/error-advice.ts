// What a visitor can do about an error, by its code.
import type { ErrorCode } from '../base/errors.ts';
import type { MessageKey } from './messages/localize.ts';

const ADVICE: Readonly<Partial<Record<ErrorCode, MessageKey | null>>> = {
  aborted: null,
  'asset-missing': 'errorNetwork',
  'asset-damaged': 'errorNetwork',
  'asset-unreachable': 'errorNetwork',
  'bad-manifest': 'errorNetwork',
  'bad-argument': 'errorOther',
  'bad-vector': 'errorDevice',
  'bad-head': 'errorFile',
  'bad-pack': 'errorNetwork',
  'evaluation-empty': 'errorFile',
  'interactions-format': 'errorFile',
  'training-failed': 'errorOther',
  'catalogue-empty': 'errorFile',
  'catalogue-format': 'errorFile',
  'catalogue-too-large': 'errorFile',
  'device-lost': 'errorDevice',
  'out-of-memory': 'errorDevice',
  'encoder-failed': 'errorDevice',
  'encoder-fault': 'errorDevice',
  'encoder-mismatch': 'errorOther',
  'insecure-context': 'errorOther',
  'internal-error': 'errorOther',
  'not-ready': 'errorOther',
  'storage-blocked': 'errorStorage',
  'storage-quota': 'errorStorage',
  'storage-unavailable': 'errorStorage',
  'unknown-item': 'errorOther',
  'worker-failed': 'errorDevice',
};

/** The key of the advice; null if the visitor caused the error on purpose (by stopping) and need not see it. */
export function errorAdvice(error: unknown): MessageKey | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = (Object.keys(ADVICE) as ErrorCode[]).find((key) => key === code);
  const advice = known ? ADVICE[known] : undefined;
  return advice === undefined ? 'errorOther' : advice;
}
