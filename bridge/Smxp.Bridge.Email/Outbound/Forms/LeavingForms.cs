using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Outbound.Smtp;

namespace Smxp.Bridge.Email.Outbound.Forms;

/// <summary>
/// A mail in the form in which it goes to a server: as it was written wherever it may, in seven bits and short lines where it must. Signatures are put on last, on what leaves.
/// </summary>
/// <param name="mail">The mail as it was written.</param>
/// <param name="spoolDirectory">For large ones.</param>
internal sealed class LeavingForms(OutgoingMail mail, string spoolDirectory) : IAsyncDisposable
{
    private readonly List<MessageSpool> _owned = [];
    private OutgoingMail? _usual;
    private OutgoingMail? _sevenBit;

    // RFC 6531 §3.3: who takes SMTPUTF8 takes eight bits, and a header meant to hold them cannot do without.
    private bool IsInternational => mail.Needs.HasFlag(MailNeeds.Utf8);

    /// <summary>The form for a server that offers this; to be read while the forms live.</summary>
    public async ValueTask<OutgoingMail> ForAsync(ServerExtensions server, CancellationToken cancellationToken)
    {
        var usual = _usual ??= await WriteUsualAsync(cancellationToken);
        // RFC 6152 §3: without the extension nothing beyond ASCII may be sent. What is passed on is converted as well, as Postfix does: a mail that arrives with its author's signature
        // broken is better than none.
        if (!usual.Needs.HasFlag(MailNeeds.EightBit) || server.EightBitMime || IsInternational) return usual;
        return _sevenBit ??= await WriteSevenBitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var spool in _owned) await spool.DisposeAsync();
    }

    private async Task<OutgoingMail> WriteUsualAsync(CancellationToken cancellationToken)
    {
        await using var bytes = mail.Open();
        var octets = await Octets.ReadAsync(bytes, cancellationToken);
        // RFC 6376 §5.3: a signature over eight bits breaks at the first server that converts them, so they are converted before.
        // RFC 5321 §4.5.3.1.6: a longer line is nobody's to take. Where Postfix breaks them, what they are part of is encoded here: nothing in it changes.
        bool isFit = octets.FitLines && (octets.AreSevenBit || mail.Sign is null || IsInternational);
        return isFit ? await FinishAsync(mail, octets, cancellationToken) : _sevenBit = await WriteSevenBitAsync(cancellationToken);
    }

    private async Task<OutgoingMail> WriteSevenBitAsync(CancellationToken cancellationToken)
    {
        var written = NewSpool();
        await using (var form = new SevenBitForm(keepsFields: IsInternational, spoolDirectory))
        await using (var source = mail.Open())
            await form.WriteAsync(source, written, cancellationToken);
        var octets = await ReadAsync(written, cancellationToken);
        if (!octets.FitLines)
        {
            var broken = NewSpool();
            await using var source = written.OpenRead();
            await LineBreaker.CopyAsync(source, broken, cancellationToken);
            written = broken;
        }

        return await FinishAsync(mail with { Size = written.Length, Open = written.OpenRead }, octets, cancellationToken);
    }

    private static Task<OutgoingMail> FinishAsync(OutgoingMail form, Octets octets, CancellationToken cancellationToken)
    {
        // What it holds counts, not what was said about it.
        form = form with { Needs = octets.AreSevenBit ? form.Needs & ~MailNeeds.EightBit : form.Needs | MailNeeds.EightBit };
        return form.Sign is { } sign ? sign(form, cancellationToken) : Task.FromResult(form);
    }

    private MessageSpool NewSpool()
    {
        var spool = new MessageSpool(spoolDirectory);
        _owned.Add(spool);
        return spool;
    }

    private static async Task<Octets> ReadAsync(MessageSpool spool, CancellationToken cancellationToken)
    {
        await using var bytes = spool.OpenRead();
        return await Octets.ReadAsync(bytes, cancellationToken);
    }
}
