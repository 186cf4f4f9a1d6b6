/** The server as a process for `faults.processes.test.ts`: `node faults.server.child.ts <folder> <port>` prints its address. */
import { faultBaseModels } from '../testing/fault-run.ts';
import { serveTinker } from './server/serve-tinker.ts';

const [folder = '', port = '0'] = process.argv.slice(2);
const { url } = await serveTinker({ folder, baseModels: faultBaseModels(), port: Number(port) });
console.log(url);
