using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Smxp.Mail.Authentication.Dkim;
using Smxp.Mail.Authentication.Messages;

namespace Smxp.Mail.Authentication.Tests.Dkim;

/// <summary>Signs with whatever tags a test wants, sound or not.</summary>
internal static class TestSignature
{
    public const string Header = "From: a@example.com\r\nTo: b@example.net\r\nSubject: Hello\r\n";

    public static byte[] Sign(RSA key, string tags, string body = "Hello\r\n", string header = Header, string names = "from:to:subject", string? signedBody = null)
    {
        string digest = Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(signedBody ?? body)));
        string field = string.Create(CultureInfo.InvariantCulture, $"DKIM-Signature: {tags}; h={names}; bh={digest}; b=");
        var message = RawMessage.ReadAsync(new MemoryStream(Encoding.ASCII.GetBytes(header + "\r\n" + body)), CancellationToken.None).GetAwaiter().GetResult()!;
        var text = new ArrayBufferWriter<byte>();
        HeaderCanonicalization.WriteSigned(text, message.Headers, names.Split(':'), Canonicalization.Simple);
        text.Write(Encoding.ASCII.GetBytes(field));
        string signature = Convert.ToBase64String(key.SignData(text.WrittenSpan, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        return Encoding.ASCII.GetBytes($"{field}{signature}\r\n{header}\r\n{body}");
    }
}
