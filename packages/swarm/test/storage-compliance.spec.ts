import { describe, expect, test } from 'vitest'
import type { Storage } from '../src/index.ts'
import { memoryStorage } from '../src/storage/memory.ts'
import { resumeChecks, storageChecks, type MakeStorage } from '../src/storage-compliance.ts'
import { resumableMemory } from './support/resumable-memory.ts'

describe('memory', () => {
  test.each(storageChecks)('$name', async ({ run }) => {
    await run(memoryStorage)
  })
})

describe('memory that remembers', () => {
  const make = resumableMemory()
  test.each([...storageChecks, ...resumeChecks])('$name', async ({ run }) => {
    await run(make)
  })
})

describe('a storage that breaks its word is found out', () => {
  const make = resumableMemory()

  /** A good storage but for what is bent. */
  function bent(bend: (storage: Storage) => Partial<Storage>): MakeStorage {
    return (torrent, place) => {
      const storage = make(torrent, place)
      return { ...storage, ...bend(storage) }
    }
  }

  const faults: Record<string, (storage: Storage) => Partial<Storage>> = {
    'reads a byte wrong': (good) => ({
      read: async (...range) => {
        const bytes = await good.read(...range)
        if (bytes.length > 0) bytes[0]! ^= 1
        return bytes
      }
    }),
    'reads short': (good) => ({
      read: async (...range) => (await good.read(...range)).slice(0, 999)
    }),
    'keeps the caller’s buffer': (good) => {
      const kept: [number, Uint8Array][] = []
      return {
        read: async (...range) => {
          for (const [at, bytes] of kept) await good.write(at, bytes)
          return good.read(...range)
        },
        write: async (at, bytes) => {
          kept.push([at, bytes])
          await good.write(at, bytes)
        }
      }
    },
    'writes a view’s whole buffer': (good) => ({
      write: (at, bytes, options) =>
        good.write(at, new Uint8Array(bytes.buffer, 0, bytes.length), options)
    }),
    'takes what lies outside': (good) => ({
      write: (at, bytes, options) => good.write(at, bytes, options).catch(() => {})
    }),
    'passes over signals': (good) => ({ read: (at, length) => good.read(at, length) }),
    'cannot be closed twice': (good) => {
      let closed = false
      return {
        close: async () => {
          if (closed) throw new Error('closed')
          closed = true
          await good.close()
        }
      }
    },
    'remembers into the void': () => ({ remember: async () => {} }),
    'remembers low bits first': (good) => ({
      remembered: async (...args) =>
        (await good.remembered!(...args)).map((byte) =>
          Number.parseInt([...byte.toString(2).padStart(8, '0')].toReversed().join(''), 2)
        )
    }),
    'remembers too much': (good) => ({
      remembered: async (...args) => (await good.remembered!(...args)).fill(0xff, 0, 1)
    })
  }

  test.each(Object.entries(faults))('one that %s', async (_, bend) => {
    const checks = [...storageChecks, ...resumeChecks]
    const outcomes = await Promise.allSettled(checks.map(({ run }) => run(bent(bend))))
    const found = outcomes.filter(({ status }) => status === 'rejected')
    expect(found).not.toEqual([])
    // and not because everything fails
    expect(found.length).toBeLessThan(checks.length)
  })
})
