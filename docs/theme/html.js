/** Pages are written as strings of HTML; typedoc hands elements around. */
import { JSX } from 'typedoc'

/** An element of a string. */
export const raw = (html) => JSX.createElement(JSX.Raw, { html })

/** A string of an element, or of nothing. */
export const htmlOf = (element) => (element ? JSX.renderElement(element) : '')

const named = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

export const escaped = (text) => text.replace(/[&<>"]/g, (sign) => named[sign])
