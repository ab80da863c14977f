import { describeBackend } from '../backend-suite.ts';
import { createCpuBackend } from './cpu-backend.ts';

describeBackend('cpu', async () => createCpuBackend(), { exact: true });
