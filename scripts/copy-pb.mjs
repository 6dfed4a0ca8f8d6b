// Copies a package's generated protobuf code to dist, where tsc leaves it out; run from the package's folder.
import { cp } from 'node:fs/promises'

await cp('src/pb', 'dist/pb', {
  recursive: true,
  filter: (path) => !path.endsWith('.proto')
})
