using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Smxp.Mail.Smtp.Authentication;

/// <summary>What a client answers in an exchange of AUTH (RFC 4954 §4). Pure.</summary>
internal static class SaslResponse
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Decodes a line of base64; nothing but base64 may stand there.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> line, [NotNullWhen(true)] out byte[]? response)
    {
        response = null;
        // The decoder alone would skip white space.
        if (line.ContainsAnyInRange((byte)0, (byte)' ')) return false;
        byte[] bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(line.Length)];
        if (Base64.DecodeFromUtf8(line, bytes, out int consumed, out int written) != OperationStatus.Done || consumed != line.Length) return false;
        response = bytes[..written];
        return true;
    }

    /// <summary>Reads the one response of PLAIN (RFC 4616 §2). Nobody may act for another, so a first name must be the second's or missing.</summary>
    public static bool TryParsePlain(ReadOnlySpan<byte> response, [NotNullWhen(true)] out string? user, [NotNullWhen(true)] out string? secret)
    {
        (user, secret) = (null, null);
        int first = response.IndexOf((byte)0);
        if (first < 0) return false;
        int second = response[(first + 1)..].IndexOf((byte)0);
        if (second < 0) return false;
        var actor = response[..first];
        var name = response.Slice(first + 1, second);
        var password = response[(first + second + 2)..];
        if (!actor.IsEmpty && !actor.SequenceEqual(name)) return false;
        return TryGetText(name, out user) && TryGetText(password, out secret);
    }

    /// <summary>Reads a name or password, which is not empty.</summary>
    public static bool TryGetText(ReadOnlySpan<byte> response, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (response.IsEmpty || response.Contains((byte)0)) return false;
        try
        {
            text = StrictUtf8.GetString(response);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
