// The whole contract on WebGPU, with both dot products. There is no skipping: without an adapter these tests fail.
import { describeBackend } from '../testing/backend-suite.ts';
import { openForTest } from '../testing/test-device.ts';

describeBackend('webgpu, packed dot product', () => openForTest({ dot: 'packed' }));
describeBackend('webgpu, unpacked dot product', () => openForTest({ dot: 'unpacked' }));
