using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Smxp.Mail.Authentication.Messages;

namespace Smxp.Mail.Authentication.Dkim;

/// <summary>Signs a message as it will go out (RFC 6376 §5), with every key it is given: receivers that do not know Ed25519 yet find RSA beside it (RFC 8463 §5).
/// Works on the finished octets and gives header fields to put in front of them; the message itself is not touched.</summary>
public sealed class DkimSigner(string domain, IReadOnlyList<DkimSigningKey> keys, TimeProvider time)
{
    // RFC 6376 §5.4.1: what a reader sees, and what says how to read it.
    private static readonly string[] SignedFields =
    [
        "From", "Sender", "Reply-To", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
        "Content-Disposition", "Content-ID", "Content-Description", "Resent-From", "Resent-Sender", "Resent-To", "Resent-Cc", "Resent-Date", "Resent-Message-ID",
        "List-Id", "List-Help", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Subscribe", "List-Post", "List-Owner", "List-Archive",
    ];

    private const int LineLength = 76;

    /// <summary>Reads a message from its start and gives a DKIM-Signature field for each key, folded, without the line end that closes it; they belong on top.</summary>
    /// <exception cref="InvalidDataException">The message has no From or a header too long.</exception>
    public async Task<IReadOnlyList<string>> SignAsync(Stream message, CancellationToken cancellationToken)
    {
        var raw = await RawMessage.ReadAsync(message, cancellationToken).ConfigureAwait(false) ?? throw new InvalidDataException("The header is too long to be signed.");
        if (!raw.Headers.Any(static header => header.Is("From"))) throw new InvalidDataException("A message without From cannot be signed.");
        using var hashes = new BodyHashes();
        hashes.Want(Canonicalization.Relaxed, limit: null);
        await hashes.ReadAsync(raw, cancellationToken).ConfigureAwait(false);

        string bodyHash = Convert.ToBase64String(hashes.Digest(Canonicalization.Relaxed, limit: null));
        string[] names = [.. Names(raw.Headers)];
        return [.. keys.Select(key => Sign(key, raw.Headers, names, bodyHash))];
    }

    private string Sign(DkimSigningKey key, IReadOnlyList<RawHeader> headers, string[] names, string bodyHash)
    {
        string signed = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var field = new StringBuilder($"DKIM-Signature: v=1; a={key.Key.Algorithm.ToWire()}; c=relaxed/relaxed;\r\n\td={domain}; s={key.Selector}; t={signed};\r\n\t");
        Fold(field.Append("h="), names.Select((name, i) => i < names.Length - 1 ? $"{name}:" : name), 2);
        field.Append(CultureInfo.InvariantCulture, $";\r\n\tbh={bodyHash};\r\n\tb=");

        var text = new ArrayBufferWriter<byte>();
        HeaderCanonicalization.WriteSigned(text, headers, names, Canonicalization.Relaxed);
        HeaderCanonicalization.Write(text, Encoding.UTF8.GetBytes(field.ToString()), Canonicalization.Relaxed);
        string signature = Convert.ToBase64String(key.Key.Sign(SHA256.HashData(text.WrittenSpan)));
        Fold(field, signature.Chunk(LineLength - 8).Select(static chunk => new string(chunk)), 2);
        return field.ToString();
    }

    // Every instance of a field is signed; and From once more than there is, so that none can be put in (RFC 6376 §8.15).
    private static IEnumerable<string> Names(IReadOnlyList<RawHeader> headers) =>
        SignedFields.SelectMany(name => Enumerable.Repeat(name, headers.Count(header => header.Is(name)) + (name == "From" ? 1 : 0)));

    private static void Fold(StringBuilder field, IEnumerable<string> pieces, int used)
    {
        int line = 8 + used;
        foreach (string piece in pieces)
        {
            if (line + piece.Length > LineLength && line > 8 + used)
            {
                field.Append("\r\n\t");
                line = 8;
            }

            field.Append(piece);
            line += piece.Length;
        }
    }
}

/// <summary>A key and the selector under which its public half is published.</summary>
/// <param name="Selector">The selector.</param>
/// <param name="Key">The key.</param>
public sealed record DkimSigningKey(string Selector, DkimKey Key);
