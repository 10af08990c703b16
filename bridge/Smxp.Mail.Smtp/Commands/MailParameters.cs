using System.Globalization;
using Smxp.Mail.Smtp.Notifications;
using Smxp.Mail.Smtp.Replies;

namespace Smxp.Mail.Smtp.Commands;

/// <summary>The parameters of MAIL: SIZE (RFC 1870), BODY (RFC 6152, RFC 3030), SMTPUTF8 (RFC 6531), RET and ENVID (RFC 3461), AUTH (RFC 4954), REQUIRETLS (RFC 8689).</summary>
internal sealed record MailParameters
{
    private const int MaxSizeDigits = 20;
    private const int MaxAuthor = 500;

    public long? Size { get; private set; }

    public BodyType Body { get; private set; }

    public bool International { get; private set; }

    public ReturnContent? Return { get; private set; }

    public string? EnvelopeId { get; private set; }

    public bool RequireTls { get; private set; }

    /// <summary>Whether it says who wrote the mail. That is read and left aside (RFC 4954 §5): who is signed in is known better.</summary>
    public bool NamesAuthor { get; private set; }

    /// <summary>Reads them; null when they are right, else the refusal.</summary>
    public static SmtpReply? Parse(IReadOnlyList<(string Name, string? Value)> parameters, out MailParameters parsed)
    {
        parsed = new MailParameters();
        if (EsmtpArguments.HasRepeats(parameters)) return SmtpReply.Syntax;
        foreach (var (name, value) in parameters)
        {
            bool? right = name switch
            {
                "SIZE" => parsed.SetSize(value),
                "BODY" => parsed.SetBody(value),
                "SMTPUTF8" => parsed.International = value is null,
                "REQUIRETLS" => parsed.RequireTls = value is null,
                "RET" => parsed.SetReturn(value),
                "ENVID" => parsed.SetEnvelopeId(value),
                "AUTH" => parsed.NamesAuthor = value is { Length: > 0 and <= MaxAuthor } && Xtext.TryDecode(value, international: true, out _),
                _ => null,
            };
            if (right is null) return SmtpReply.BadParameter;
            if (right is false) return SmtpReply.Syntax;
        }

        return null;
    }

    // RFC 1870 §4: up to twenty digits; what does not fit is certainly too large.
    private bool SetSize(string? value)
    {
        if (value is not { Length: > 0 and <= MaxSizeDigits } || value.AsSpan().ContainsAnyExceptInRange('0', '9')) return false;
        Size = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? size : long.MaxValue;
        return true;
    }

    private bool SetBody(string? value)
    {
        BodyType? body = value?.ToUpperInvariant() switch
        {
            "7BIT" => BodyType.SevenBit,
            "8BITMIME" => BodyType.EightBitMime,
            "BINARYMIME" => BodyType.BinaryMime,
            _ => null,
        };
        Body = body ?? default;
        return body is not null;
    }

    private bool SetReturn(string? value)
    {
        if (value is null || !DsnParameters.TryParseReturn(value, out var content)) return false;
        Return = content;
        return true;
    }

    private bool SetEnvelopeId(string? value)
    {
        if (value is null || !DsnParameters.TryParseEnvelopeId(value, out string? id)) return false;
        EnvelopeId = id;
        return true;
    }
}
