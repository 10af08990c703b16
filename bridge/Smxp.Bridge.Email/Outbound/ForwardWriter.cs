using System.Globalization;
using System.Text;
using MimeKit;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Mapping;
using Smxp.Bridge.Email.Outbound.Forms;
using Smxp.Plugins.Host;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>What a forward carries.</summary>
/// <param name="Part">The original mail, where the inner message was one.</param>
/// <param name="Text">Otherwise the inner message, written out.</param>
/// <param name="Attachments">And its attachments.</param>
internal sealed record ForwardedMail(MimeEntity? Part, string Text, IReadOnlyList<Attachment> Attachments);

/// <summary>A forward: message/rfc822 where the inner message has an original, else written out inline (email mapping §4).</summary>
internal sealed class ForwardWriter(Originals originals, IContentTypes contentTypes, string spoolDirectory)
{
    public async Task<ForwardedMail> OpenAsync(ComposedMail mail, Address sender, Envelope envelope, CancellationToken cancellationToken)
    {
        if (!SignedEnvelope.TryParse(Encoding.UTF8.GetBytes(envelope.Body ?? ""), out var signed, out _)) return new ForwardedMail(null, envelope.Body ?? "", []);
        var inner = signed.Envelope;
        if (await originals.OpenAsync(sender, inner.Id, cancellationToken) is { } original) return new ForwardedMail(await LoadAsync(mail, original.Bytes, cancellationToken), "", []);
        return new ForwardedMail(null, Write(inner), inner.Attachments);
    }

    private async Task<MimeEntity> LoadAsync(ComposedMail mail, Stream bytes, CancellationToken cancellationToken)
    {
        var spool = new MessageSpool(spoolDirectory);
        mail.Own(spool);
        await using (bytes)
        {
            await using var writer = spool.OpenWrite();
            await bytes.CopyToAsync(writer, cancellationToken);
        }

        var source = spool.OpenRead();
        mail.Own(source);
        bool fits = (await Octets.ReadAsync(source, cancellationToken)).FitEverywhere;
        source.Position = 0;
        return fits ? new OriginalPart(source) : new MessagePart("rfc822") { Message = MailParser.Parse(source) };
    }

    private string Write(Envelope inner)
    {
        var date = DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(inner.Timestamp, 0, DateTimeOffset.MaxValue.ToUnixTimeSeconds()));
        string body = inner.Body ?? "";
        if (contentTypes.TryGet(inner.ContentType, out var contentType)) body = contentType.RenderText(body);
        var text = new StringBuilder("---------- Forwarded message ----------\n")
            .Append(CultureInfo.InvariantCulture, $"From: {(inner.Name is null ? inner.From : $"{inner.Name} <{inner.From}>")}\n")
            .Append(CultureInfo.InvariantCulture, $"Date: {date.ToString("ddd, d MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture)}\n");
        if (inner.Subject is not null) text.Append(CultureInfo.InvariantCulture, $"Subject: {inner.Subject}\n");
        return text.Append(CultureInfo.InvariantCulture, $"To: {inner.To}\n\n{body}").ToString();
    }
}
