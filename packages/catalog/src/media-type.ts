/** What kind of thing a file is, as people filter searches. */
export type MediaType = 'audio' | 'video' | 'image' | 'document' | 'archive' | 'program' | 'other'

/** Every media type, in the order filters list them. */
export const mediaTypes: readonly MediaType[] = [
  'audio',
  'video',
  'image',
  'document',
  'archive',
  'program',
  'other'
]

const extensions: Record<Exclude<MediaType, 'other'>, string> = {
  audio:
    'aac aif aiff alac ape au flac m3u m3u8 m4a m4b mid midi mka mp3 mpc oga ogg opus ra wav weba wma wv',
  video: '3gp avi divx flv m2ts m4v mkv mov mp4 mpeg mpg mts ogm ogv rm rmvb ts vob webm wmv',
  image: 'avif bmp dng gif heic heif ico jpeg jpg jxl png psd raw svg tif tiff webp xcf',
  document:
    'azw3 cbr cbz chm csv djvu doc docx epub htm html json md mobi nfo odp ods odt pdf ppt pptx ps rtf srt tex tsv txt vtt xls xlsx xml',
  archive: '7z ace arj br bz2 cab gz iso img lha lz4 lzma rar tar tbz2 tgz txz xz z zip zst',
  program:
    'apk app appimage bat com deb dmg exe flatpak ipa jar msi msix pkg rpm run sh snap wasm xpi'
}

const byExtension = new Map(
  Object.entries(extensions).flatMap(([type, all]) =>
    all.split(' ').map((extension) => [extension, type as MediaType] as const)
  )
)

/** The media type a file name's last extension stands for; `other` when it says nothing. */
export function mediaTypeOf(fileName: string): MediaType {
  const dot = fileName.lastIndexOf('.')
  if (dot === -1) return 'other'
  return byExtension.get(fileName.slice(dot + 1).toLowerCase()) ?? 'other'
}
