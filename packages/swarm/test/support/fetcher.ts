/**
 * A process that pretends to fetch: it writes the pieces that are missing one after another, keeps a
 * journal, and prints what the journal has. Made to be killed.
 *
 * node --conditions=@peerage/source fetcher.ts <downloads> <journals>
 */
import { fileStorage } from '../../src/storage/file-storage.ts'
import { openResume } from '../../src/storage/resume.ts'
import { noiseTorrent, pieceChecker } from './torrents.ts'

const files = { 'a.bin': 3_000_001, 'b/none': 0, 'b/c.bin': 1_200_000 }
const [downloads = '', journals = ''] = process.argv.slice(2)
const { torrent, data } = await noiseTorrent(files, 16 * 1024)
const storage = fileStorage(torrent, downloads)
const { check, checked } = pieceChecker(torrent, storage)
const resume = await openResume({ torrent, storage, folder: journals, check })
console.log(`opened ${checked.length}`)
const have = resume.have
for (let piece = 0; piece < torrent.pieceCount; piece++) {
  if ((have[piece >> 3]! & (0x80 >> (piece & 7))) !== 0) continue
  const offset = piece * torrent.pieceLength
  await storage.write(offset, data.subarray(offset, offset + torrent.pieceSize(piece)))
  await resume.add(piece)
  console.log(`added ${piece}`)
  if (piece % 16 !== 15) continue
  await resume.flush()
  console.log(`safe ${piece}`)
}
await resume.close()
await storage.close()
console.log('complete')
