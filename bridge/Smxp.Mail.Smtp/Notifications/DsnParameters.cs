using System.Diagnostics.CodeAnalysis;

namespace Smxp.Mail.Smtp.Notifications;

/// <summary>Reads the values of RET, ENVID, NOTIFY and ORCPT (RFC 3461 §4). Pure; what is not exactly by the grammar is refused.</summary>
internal static class DsnParameters
{
    private const int MaxEnvelopeId = 100;
    private const int MaxOriginalRecipient = 500;

    public static bool TryParseReturn(string value, out ReturnContent content)
    {
        content = value.Equals("FULL", StringComparison.OrdinalIgnoreCase) ? ReturnContent.Full : ReturnContent.Headers;
        return content == ReturnContent.Full || value.Equals("HDRS", StringComparison.OrdinalIgnoreCase);
    }

    public static bool TryParseEnvelopeId(string value, [NotNullWhen(true)] out string? id)
    {
        id = null;
        return value.Length is > 0 and <= MaxEnvelopeId && Xtext.TryDecode(value, international: false, out id) && IsPrintable(id);
    }

    public static bool TryParseNotify(string value, out NotifyOn notify)
    {
        notify = NotifyOn.Never;
        if (value.Equals("NEVER", StringComparison.OrdinalIgnoreCase)) return true;
        foreach (string word in value.Split(','))
        {
            NotifyOn? one = word.ToUpperInvariant() switch
            {
                "SUCCESS" => NotifyOn.Success,
                "FAILURE" => NotifyOn.Failure,
                "DELAY" => NotifyOn.Delay,
                _ => null,
            };
            if (one is null || notify.HasFlag(one.Value)) return false;
            notify |= one.Value;
        }

        return true;
    }

    public static bool TryParseOriginalRecipient(string value, [NotNullWhen(true)] out OriginalRecipient? recipient)
    {
        recipient = null;
        int semicolon = value.IndexOf(';', StringComparison.Ordinal);
        if (semicolon <= 0 || semicolon == value.Length - 1 || value.Length > MaxOriginalRecipient) return false;
        string type = value[..semicolon];
        foreach (char c in type)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')) return false;
        }

        // RFC 6533 §3: only the type utf-8 may hold letters beyond ASCII.
        bool international = type.Equals("utf-8", StringComparison.OrdinalIgnoreCase);
        if (!Xtext.TryDecode(value.AsSpan(semicolon + 1), international, out string? address) || HasControls(address) || (!international && !IsPrintable(address))) return false;
        recipient = new OriginalRecipient(type, address);
        return true;
    }

    private static bool IsPrintable(string text) => !text.AsSpan().ContainsAnyExceptInRange(' ', '~');

    private static bool HasControls(string text) => text.Any(char.IsControl);
}
