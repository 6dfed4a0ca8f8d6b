import { packageNames, packagePage } from '../.vitepress/packages.ts'

export default {
  watch: ['../../packages/*/{README,PROTOCOL}.md', '../../packages/*/src/limits.ts'],
  paths: () => packageNames().map((name) => ({ params: { name }, content: packagePage(name) }))
}
