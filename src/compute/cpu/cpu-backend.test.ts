import { describeBackend } from '../testing/backend-suite.ts';
import { createCpuBackend } from './cpu-backend.ts';

describeBackend('cpu', async () => createCpuBackend(), { exact: true });
