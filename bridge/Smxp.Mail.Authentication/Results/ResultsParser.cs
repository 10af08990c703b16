using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Smxp.Mail.Authentication.Results;

/// <summary>Reads Authentication-Results by the grammar of RFC 8601 §2.2. Pure. Strict in structure; only a property's value may hold characters
/// that should have been quoted, as the largest senders of such fields write base64 bare.</summary>
internal ref struct ResultsParser
{
    private ReadOnlySpan<char> _text;

    private ResultsParser(ReadOnlySpan<char> text) => _text = text;

    public static bool TryParse(string value, [NotNullWhen(true)] out AuthenticationResults? results)
    {
        results = null;
        var parser = new ResultsParser(value);
        if (!parser.Space() || !parser.Token(out string? id) || !parser.Space() || !parser.Version()) return false;
        var methods = new List<MethodResult>();
        bool none = false;
        while (parser.Take(';'))
        {
            if (!parser.Space() || none) return false;
            // Many put a semicolon behind the last result.
            if (parser._text.IsEmpty && methods.Count > 0) break;
            if (!parser.Keyword(out string? method) || !parser.Space()) return false;
            if (methods.Count == 0 && method.Equals("none", StringComparison.OrdinalIgnoreCase) && parser._text.IsEmpty)
            {
                none = true;
                continue;
            }

            if (!parser.Result(method, out var result)) return false;
            methods.Add(result);
        }

        if (!parser._text.IsEmpty || (methods.Count == 0 && !none)) return false;
        results = new AuthenticationResults(id, methods);
        return true;
    }

    /// <summary>The name in front, whatever comes behind it.</summary>
    public static bool TryAuthservId(string value, [NotNullWhen(true)] out string? id)
    {
        var parser = new ResultsParser(value);
        id = null;
        return parser.Space() && parser.Token(out id) && (parser._text.IsEmpty || parser._text[0] is ';' or ' ' or '\t' or '\r' or '\n' or '(');
    }

    // [ CFWS "1" ]: RFC 8601 §2.2 authres-version.
    private bool Version()
    {
        while (!_text.IsEmpty && char.IsAsciiDigit(_text[0])) _text = _text[1..];
        return Space();
    }

    // [ "/" version ] "=" result [ reason ] *property
    private bool Result(string method, [NotNullWhen(true)] out MethodResult? result)
    {
        result = null;
        if (Take('/') && !(Space() && Keyword(out _) && Space())) return false;
        if (!Take('=') || !Space() || !Keyword(out string? outcome) || !Space()) return false;
        string? reason = null;
        var properties = new List<ResultProperty>();
        while (!_text.IsEmpty && _text[0] != ';')
        {
            if (!Keyword(out string? type) || !Space()) return false;
            if (reason is null && properties.Count == 0 && type.Equals("reason", StringComparison.OrdinalIgnoreCase) && Take('='))
            {
                if (!Space() || !Token(out reason) || !Space()) return false;
                continue;
            }

            if (!Take('.') || !Space() || !Keyword(out string? name) || !Space() || !Take('=') || !Space() || !PropertyValue(out string? value) || !Space()) return false;
            properties.Add(new ResultProperty(type, name, value));
        }

        result = new MethodResult(method.ToLowerInvariant(), outcome.ToLowerInvariant(), reason, properties);
        return true;
    }

    // value / [ [ local-part ] "@" ] domain-name; a local part may be quoted.
    private bool PropertyValue([NotNullWhen(true)] out string? value)
    {
        if (!_text.IsEmpty && _text[0] == '"')
        {
            if (!Quoted(out value)) return false;
            if (!Take('@')) return true;
            if (!Bare(out string? domain)) return false;
            value = $"{value}@{domain}";
            return true;
        }

        return Bare(out value);
    }

    private bool Bare([NotNullWhen(true)] out string? value)
    {
        int length = 0;
        while (length < _text.Length && _text[length] is > ' ' and not ('\x7f' or ';' or '(' or ')' or '"')) length++;
        return Cut(length, out value);
    }

    private bool Token([NotNullWhen(true)] out string? value)
    {
        if (!_text.IsEmpty && _text[0] == '"') return Quoted(out value);
        int length = 0;
        while (length < _text.Length && _text[length] is > ' ' and not '\x7f' && !"()<>@,;:\\\"/[]?=".Contains(_text[length], StringComparison.Ordinal)) length++;
        return Cut(length, out value);
    }

    // RFC 5321 Keyword: letters, digits and hyphens; underscores are in use.
    private bool Keyword([NotNullWhen(true)] out string? value)
    {
        int length = 0;
        while (length < _text.Length && (char.IsAsciiLetterOrDigit(_text[length]) || _text[length] is '-' or '_')) length++;
        return Cut(length, out value);
    }

    private bool Quoted([NotNullWhen(true)] out string? value)
    {
        var plain = new StringBuilder();
        for (int i = 1; i < _text.Length; i++)
        {
            char c = _text[i];
            if (c == '"')
            {
                value = plain.ToString();
                _text = _text[(i + 1)..];
                return true;
            }

            if (c == '\\' && ++i < _text.Length) c = _text[i];
            if (c is not ('\r' or '\n')) plain.Append(c);
        }

        value = null;
        return false;
    }

    // CFWS: white space, folds, and comments, nested or not; false where a comment does not end.
    private bool Space()
    {
        int depth = 0;
        int i = 0;
        for (; i < _text.Length; i++)
        {
            char c = _text[i];
            if (c == '(') depth++;
            else if (depth > 0 && c == ')') depth--;
            else if (depth > 0 && c == '\\') i++;
            else if (depth == 0 && c is not (' ' or '\t' or '\r' or '\n')) break;
        }

        _text = _text[Math.Min(i, _text.Length)..];
        return depth == 0;
    }

    private bool Cut(int length, [NotNullWhen(true)] out string? value)
    {
        value = length > 0 ? _text[..length].ToString() : null;
        _text = _text[length..];
        return value is not null;
    }

    private bool Take(char expected)
    {
        if (_text.IsEmpty || _text[0] != expected) return false;
        _text = _text[1..];
        return true;
    }
}
