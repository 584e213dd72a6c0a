import ts from 'typescript'

/** All that is declared under a name in a file, members of classes, interfaces and objects too; the outermost. */
export const declaredIn = (file: ts.SourceFile, name: string): readonly ts.Node[] => {
  const found: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    const own = (node as { readonly name?: ts.Node }).name
    const isDeclaration = ts.isVariableDeclaration(node) || ts.isClassElement(node) || ts.isTypeElement(node) ||
      ts.isObjectLiteralElementLike(node) || ts.isInterfaceDeclaration(node) || ts.isFunctionDeclaration(node)
    if (isDeclaration && own?.getText(file) === name) found.push(node)
    else ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}
