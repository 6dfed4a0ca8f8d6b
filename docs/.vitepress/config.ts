import { existsSync, readFileSync } from 'node:fs'
import { defineConfig, type DefaultTheme } from 'vitepress'
import { transformerTwoslash } from '@shikijs/vitepress-twoslash'
import { packageNames } from './packages.ts'

export default defineConfig({
  title: 'Peerage',
  description: 'Search, file swarms and calls between peers, as modules for any js-libp2p node.',
  cleanUrls: true,
  lastUpdated: false,
  markdown: {
    // twoslash shows types and doc comments in these, which no fence on the page may have asked for
    languages: ['js', 'jsx', 'ts', 'tsx'],
    codeTransformers: [
      transformerTwoslash({
        twoslashOptions: {
          compilerOptions: {
            customConditions: ['@peerage/source'],
            rewriteRelativeImportExtensions: true,
            module: 199, // NodeNext
            moduleResolution: 99
          }
        }
      })
    ]
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Start', link: '/start/in-a-minute' },
      { text: 'Recipes', link: '/recipes/' },
      { text: 'Packages', link: '/packages/' },
      { text: 'API', link: '/api/' }
    ],
    sidebar: [
      { text: 'Start', items: [{ text: 'In a minute', link: '/start/in-a-minute' }] },
      {
        text: 'Recipes',
        items: [
          { text: 'Share a file', link: '/recipes/share-a-file' },
          { text: 'Resume after a crash', link: '/recipes/resume-after-a-crash' },
          { text: 'Stream while downloading', link: '/recipes/stream-while-downloading' },
          { text: 'Run a tracker', link: '/recipes/run-a-tracker' },
          { text: 'Find peers by a DHT', link: '/recipes/peers-by-dht' },
          { text: 'An upload queue', link: '/recipes/upload-queue' },
          { text: 'Let BitTorrent clients in', link: '/recipes/bittorrent-clients' },
          { text: 'A storage of your own', link: '/recipes/custom-storage' },
          { text: 'Search a network', link: '/recipes/search-a-network' },
          { text: 'Add one module', link: '/recipes/add-one-module' }
        ]
      },
      {
        text: 'Packages',
        items: packageNames().map((name) => ({ text: name, link: `/packages/${name}` }))
      },
      {
        text: 'Concepts',
        items: [
          { text: 'The house', link: '/concepts/house' },
          { text: 'Simulated swarms', link: '/concepts/simulated-swarms' }
        ]
      },
      { text: 'API', collapsed: true, items: apiSidebar() }
    ]
  }
})

/** What TypeDoc wrote before this runs. */
function apiSidebar(): DefaultTheme.SidebarItem[] {
  const file = new URL('../api/typedoc-sidebar.json', import.meta.url)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []
}
