using System.Text;
using System.Text.Unicode;
using MimeKit;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Mapping;

namespace Smxp.Bridge.Email.Outbound.Forms;

/// <summary>
/// A mail, written so that every server takes it (RFC 6152 §3): parts and fields with octets beyond ASCII or lines too long are encoded anew, everything else stays. What a reader
/// sees and saves is the same; signatures over what had to change do not survive, wherever it would have been changed. What cannot be encoded stays as it is.
/// </summary>
/// <param name="keepsFields">Whether octets beyond ASCII in headers are meant to be there (RFC 6532).</param>
/// <param name="spoolDirectory">For large parts.</param>
internal sealed class SevenBitForm(bool keepsFields, string spoolDirectory) : IAsyncDisposable
{
    private const string SevenBit = "7bit";

    private static readonly ParserOptions Options = new() { MaxMimeDepth = MailParser.MaxDepth };
    private static readonly FormatOptions Format = NewFormat();

    private readonly List<IAsyncDisposable> _owned = [];

    /// <summary>Writes a mail.</summary>
    /// <param name="mail">A stream that can seek.</param>
    /// <param name="target">Where to.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    public async Task WriteAsync(Stream mail, MessageSpool target, CancellationToken cancellationToken)
    {
        if (TryParse(mail) is not { } message)
        {
            mail.Position = 0;
            await using var copy = target.OpenWrite();
            await mail.CopyToAsync(copy, cancellationToken);
            return;
        }

        using (message)
        {
            await FitAsync(message, cancellationToken);
            await using var bytes = target.OpenWrite();
            await message.WriteToAsync(Format, bytes, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var resource in _owned) await resource.DisposeAsync();
    }

    private static FormatOptions NewFormat()
    {
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        return format;
    }

    private static MimeMessage? TryParse(Stream mail)
    {
        try
        {
            return new MimeKit.MimeParser(Options, mail, MimeFormat.Entity, persistent: true).ParseMessage();
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private async Task FitAsync(MimeMessage message, CancellationToken cancellationToken)
    {
        FitFields(message.Headers);
        // What is encoded is MIME, whatever it was before.
        if (message.Body is { } body && await FitAsync(body, cancellationToken) && !message.Headers.Contains(HeaderId.MimeVersion)) message.MimeVersion = new Version(1, 0);
    }

    // Answers whether anything in it was encoded.
    private async Task<bool> FitAsync(MimeEntity entity, CancellationToken cancellationToken)
    {
        FitFields(entity.Headers);
        switch (entity)
        {
            case Multipart multipart:
                bool encoded = false;
                foreach (var part in multipart) encoded |= await FitAsync(part, cancellationToken);
                if (Plain(multipart.Preamble) is { } preamble) multipart.Preamble = preamble;
                if (Plain(multipart.Epilogue) is { } epilogue) multipart.Epilogue = epilogue;
                Relabel(multipart);
                return encoded;
            case MessagePart { Message: { } message } part:
                await FitAsync(message, cancellationToken);
                Relabel(part);
                return false;
            // RFC 2046 §5.1 and §5.2: these may not be encoded. (A multipart is one where it lies too deep to be divided.)
            case MimePart part when part.Content is not null && part.ContentType.MediaType.ToLowerInvariant() is not ("message" or "multipart"):
                return await EncodeAsync(part, part.Content, cancellationToken);
            default:
                return false;
        }
    }

    private void FitFields(HeaderList fields)
    {
        foreach (var field in fields.ToList())
        {
            // A line that is no field has no value; as it cannot be read, it cannot be written otherwise.
            if (field.RawValue.Length == 0) continue;
            bool isPlain = Ascii.IsValid(field.RawValue) && !field.RawValue.Contains((byte)0);
            bool isShort = $"{field.Field}:{Encoding.Latin1.GetString(field.RawValue)}".Split('\n').All(static line => line.TrimEnd('\r').Length <= Octets.LongestLine);
            if (keepsFields ? !isPlain || isShort : isPlain && isShort) continue;
            field.SetValue(Format, Encoding.UTF8, field.Value.Replace("\0", "", StringComparison.Ordinal));
        }
    }

    private async Task<bool> EncodeAsync(MimePart part, IMimeContent content, CancellationToken cancellationToken)
    {
        content.Stream!.Position = 0;
        if ((await Octets.ReadAsync(content.Stream, cancellationToken)).FitEverywhere) return false;
        var decoded = new MessageSpool(spoolDirectory);
        _owned.Add(decoded);
        await using (var writer = decoded.OpenWrite()) await content.DecodeToAsync(writer, cancellationToken);
        var bytes = decoded.OpenRead();
        _owned.Insert(0, bytes);
        bool isText = part.ContentType.IsMimeType("text", "*");
        if (part.ContentType.IsMimeType("text", "plain") && part.ContentType.Charset is null) await NameCharsetAsync(part, decoded, cancellationToken);
        part.Content = new MimeContent(bytes);
        part.ContentTransferEncoding = isText ? ContentEncoding.QuotedPrintable : ContentEncoding.Base64;
        return true;
    }

    // RFC 1428 §3: who sent eight bits and said nothing of a charset; it may still be plain to see.
    private static async Task NameCharsetAsync(MimePart part, MessageSpool text, CancellationToken cancellationToken)
    {
        await using var bytes = text.OpenRead();
        var octets = await Octets.ReadAsync(bytes, cancellationToken);
        if (octets.AreSevenBit) return;
        part.ContentType.Charset = text.TryGetMemory(out var memory) && Utf8.IsValid(memory.Span) ? "utf-8" : "unknown-8bit";
    }

    // RFC 2046 §5.1.1: what stands before and behind the parts is for nobody; null where it may stay.
    private static string? Plain(string? text) => text is null || Ascii.IsValid(text) ? null : string.Concat(text.Select(static letter => char.IsAscii(letter) ? letter : '?'));

    // RFC 2045 §6.4: what holds nothing beyond seven bits any more must not say that it does.
    private void Relabel(MimeEntity entity)
    {
        if (keepsFields || entity.Headers[HeaderId.ContentTransferEncoding]?.Trim().ToLowerInvariant() is not ("8bit" or "binary")) return;
        entity.Headers.Replace(HeaderId.ContentTransferEncoding, SevenBit);
    }
}
