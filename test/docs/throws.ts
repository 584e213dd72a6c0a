import ts from 'typescript'

/** A typed error, and the statement that throws it. */
interface Throwing {
  readonly error: string
  readonly statement: ts.ThrowStatement
}

/** The same, seen from a function. */
export interface Thrown extends Throwing {
  /** The functions on the way there. */
  readonly through: readonly string[]
}

/** What one function does by itself: its own errors, and the functions that it calls. */
interface Body {
  readonly thrown: readonly Throwing[]
  readonly calls: readonly ts.Node[]
}

/** What is reshaped is our own. An operand that is not an expression is documented once, by the package of formulas. */
const onOurselves = ['reshape', 'node', 'expression', 'targetOf']

/**
 * Which typed errors, those that derive from `RecurraError`, a function lets out: its own, and those of the functions
 * that it calls, unless these are `documented` and tell theirs themselves. A function that is passed on counts as
 * called, since most are by `map` and the like; one that is returned does not. What an interface stands for is not
 * known.
 */
export class Throws {
  readonly #checker: ts.TypeChecker
  readonly #documented: ReadonlySet<ts.Symbol>
  readonly #bodies = new Map<ts.Node, Body>()

  constructor(checker: ts.TypeChecker, documented: ReadonlySet<ts.Symbol>) {
    this.#checker = checker
    this.#documented = documented
  }

  /** The errors of a function, method, accessor or class (its constructor), each once. */
  of(declaration: ts.Node): Thrown[] {
    const found = new Map<string, Thrown>()
    const through = new Map<ts.Node, readonly string[]>(this.#functionsOf(declaration).map((one) => [one, []]))
    for (const [next, way] of through) { // it grows on the way
      const { thrown, calls } = this.#bodyOf(next)
      for (const one of thrown) if (!found.has(one.error)) found.set(one.error, { ...one, through: way })
      for (const call of calls) if (!through.has(call)) through.set(call, [...way, nameOf(call)])
    }
    return [...found.values()]
  }

  /** The functions behind a declaration or an expression; those that a call returns, where it is one. */
  #functionsOf(node: ts.Node | undefined): ts.Node[] {
    if (!node) return []
    if (ts.isClassLike(node) || ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return [node]
    if (
      ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isAccessor(node) ||
      ts.isConstructorDeclaration(node)
    )
      return node.body ? [node] : []
    if (ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node) || ts.isPropertyDeclaration(node))
      return this.#functionsOf(node.initializer)
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isNonNullExpression(node))
      return this.#functionsOf(node.expression)
    if (ts.isConditionalExpression(node))
      return [node.whenTrue, node.whenFalse].flatMap((one) => this.#functionsOf(one))
    if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) || node.kind === ts.SyntaxKind.SuperKeyword)
      return this.#declarationsOf(node).flatMap((one) => this.#functionsOf(one))
    if (!ts.isCallExpression(node)) return []
    if (node.expression.getText() === 'Object.assign') return this.#functionsOf(node.arguments[0])
    const called = this.#declarationsOf(node.expression).flatMap((one) => this.#functionsOf(one))
    return called.flatMap(returned).flatMap((one) => this.#functionsOf(one))
  }

  #symbolOf(node: ts.Node): ts.Symbol | undefined {
    const symbol = this.#checker.getSymbolAtLocation(node)
    return symbol && symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol
  }

  #declarationsOf(node: ts.Node): readonly ts.Node[] {
    return this.#symbolOf(node)?.declarations ?? []
  }

  #bodyOf(of: ts.Node): Body {
    const known = this.#bodies.get(of)
    if (known) return known
    const [thrown, calls]: [Throwing[], ts.Node[]] = [[], []]
    const call = (callee: ts.Node, isMeant: (of: ts.Node) => boolean = () => true): void => {
      const symbol = this.#symbolOf(callee)
      if (!symbol || !(this.#documented.has(symbol) || onOurselves.includes(symbol.name)))
        calls.push(...this.#functionsOf(callee).filter(isMeant))
    }
    const visit = (node: ts.Node): void => {
      if (ts.isTryStatement(node) && node.catchClause && !passesOn(node.catchClause)) {
        visit(node.catchClause)
        if (node.finallyBlock) visit(node.finallyBlock)
        return
      }
      if (ts.isFunctionLike(node) && !isPassed(node)) return
      if (ts.isThrowStatement(node))
        for (const error of this.#errorsOf(node.expression)) thrown.push({ error, statement: node })
      if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
        call(node.expression)
        for (const argument of node.arguments ?? [])
          if (ts.isIdentifier(argument) || ts.isPropertyAccessExpression(argument)) call(argument)
      } else if (ts.isExpressionWithTypeArguments(node)) call(node.expression) // the class that is extended
      else if (ts.isPropertyAccessExpression(node) && this.#declarationsOf(node).some(ts.isGetAccessor))
        call(node, node.getSourceFile().text.startsWith(' = ', node.end) ? ts.isSetAccessor : ts.isGetAccessor)
      ts.forEachChild(node, visit)
    }
    for (const part of partsOf(of)) visit(part)
    const body = { thrown, calls }
    this.#bodies.set(of, body)
    return body
  }

  /** The typed errors that an expression may be; `RecurraError` itself is none, since it only stands for them. */
  #errorsOf(expression: ts.Expression): string[] {
    const types = branches(expression).map((one) => this.#checker.getTypeAtLocation(one))
    return types
      .flatMap((type) => (type.isUnionOrIntersection() ? type.types : [type]))
      .filter((part) => this.#basesOf(part).includes('RecurraError'))
      .map(({ symbol }) => symbol.name)
  }

  #basesOf(type: ts.Type): string[] {
    const bases = type.isClassOrInterface() ? this.#checker.getBaseTypes(type) : []
    return bases.flatMap((base) => [base.symbol.name, ...this.#basesOf(base)])
  }
}

/** What runs when a function is called: of a class its constructor, and how its fields begin. */
const partsOf = (of: ts.Node): readonly ts.Node[] => {
  if (!ts.isClassLike(of)) return ts.isFunctionLike(of) && 'body' in of ? [of.body as ts.Node] : []
  const made = of.members.find(ts.isConstructorDeclaration)
  const fields = of.members
    .filter(ts.isPropertyDeclaration)
    .filter(({ modifiers }) => !modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword))
  const begun = fields.flatMap(({ initializer }) => initializer && !ts.isFunctionLike(initializer) ? [initializer] : [])
  const before = made ? [] : (of.heritageClauses ?? []).filter(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)
  return [...before, ...begun, ...(made?.body ? [made.body] : [])]
}

const returned = (of: ts.Node): ts.Node[] => {
  if (ts.isArrowFunction(of) && !ts.isBlock(of.body)) return [of.body]
  const found: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isReturnStatement(node) && node.expression) found.push(node.expression)
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, visit)
  }
  for (const part of partsOf(of)) visit(part)
  return found
}

const nameOf = (of: ts.Node): string => {
  const { name } = (ts.isArrowFunction(of) ? of.parent : of) as ts.NamedDeclaration
  return name?.getText() ?? 'constructor'
}

const isPassed = ({ parent }: ts.Node): boolean =>
  ts.isParenthesizedExpression(parent) ? isPassed(parent) : ts.isCallExpression(parent) || ts.isNewExpression(parent)

/** What an expression may be: each side of a condition. */
const branches = (expression: ts.Expression): ts.Expression[] =>
  ts.isParenthesizedExpression(expression)
    ? branches(expression.expression)
    : ts.isConditionalExpression(expression)
      ? [expression.whenTrue, expression.whenFalse].flatMap(branches)
      : [expression]

/** Whether a `catch` throws again what it caught. */
const passesOn = ({ variableDeclaration, block }: ts.CatchClause): boolean => {
  const again = (node: ts.Node): boolean =>
    (ts.isThrowStatement(node) &&
      branches(node.expression).some(
        (one) => ts.isIdentifier(one) && one.text === variableDeclaration?.name.getText(),
      )) ||
    (ts.forEachChild(node, again) ?? false)
  return again(block)
}
