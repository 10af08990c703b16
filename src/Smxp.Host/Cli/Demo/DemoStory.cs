using Smxp.Client;
using Smxp.Client.Admin;
using Smxp.Client.Events;
using Smxp.Client.Mail;
using Smxp.Protocol;

namespace Smxp.Host.Cli.Demo;

/// <summary>What the demo shows, step by step; each step checks what it says.</summary>
internal sealed class DemoStory(DemoServer server, SmtpSink sink, Narrator narrator, CancellationToken cancellationToken) : IAsyncDisposable
{
    private const string Answer = "Friday it is.";

    private readonly SmxpClient _alice = new(server.BaseAddress);
    private IAsyncEnumerator<StreamEvent>? _stream;

    /// <summary>Tells the story; false where a step was not seen, which was then said.</summary>
    public static async Task<bool> TellAsync(DemoServer server, SmtpSink sink, Narrator narrator, CancellationToken cancellationToken)
    {
        await using var story = new DemoStory(server, sink, narrator, cancellationToken);
        try
        {
            await story.TellAsync();
            await narrator.SayAsync("Every step was seen.");
            return true;
        }
        catch (StepFailedException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is not null) await _stream.DisposeAsync();
        _alice.Dispose();
    }

    private async Task TellAsync()
    {
        await narrator.StepAsync("Start the server on an empty data folder", CheckHealthAsync, cancellationToken);
        await narrator.StepAsync($"Serve {DemoAccounts.Domain} with two inboxes", AddInboxesAsync, cancellationToken);
        await narrator.StepAsync("Sign alice in and open her event stream", OpenStreamAsync, cancellationToken);
        await narrator.StepAsync($"From outside, {DemoMail.Author} sends an email with an attachment over SMTP", SendEmailAsync, cancellationToken);
        var received = await narrator.StepAsync("It comes in on alice's stream", cancel => NextFromOutsideAsync(DemoMail.Subject, cancel), cancellationToken);
        await narrator.StepAsync("Fetch and decrypt the attachment", cancel => CheckAttachmentAsync(received, cancel), cancellationToken);
        var sent = await narrator.StepAsync("Alice answers through the API", cancel => AnswerAsync(received, cancel), cancellationToken);
        var email = await narrator.StepAsync("The answer arrives outside as an email in the same thread", cancel => CheckThreadedAsync(sent, cancel), cancellationToken);
        await narrator.StepAsync("Carol answers that email, and it lands in the same conversation", cancel => CheckConversationAsync(email, received, cancel), cancellationToken);
    }

    private async Task<(bool, string)> CheckHealthAsync(CancellationToken cancel)
    {
        var health = await _alice.Server.GetHealthAsync(cancel);
        Ensure(health.Status == "ok", "the server is not healthy");
        return (true, $"HTTP on {server.BaseAddress}, SMTP on 127.0.0.1:{server.SmtpPort}, data in {server.DataDirectory}");
    }

    private async Task<(bool, string)> AddInboxesAsync(CancellationToken cancel)
    {
        using var admin = new SmxpClient(server.BaseAddress) { AdminSecret = server.AdminSecret };
        await admin.Admin.Domains.AddAsync(DemoAccounts.Domain, cancel);
        foreach (var (address, password) in new[] { (DemoAccounts.Alice, DemoAccounts.AlicePassword), (DemoAccounts.Bob, DemoAccounts.BobPassword) })
            await admin.Admin.Addresses.AddAsync(new NewAddress { Domain = DemoAccounts.Domain, Alias = Address.Parse(address).Local, Password = password }, cancel);
        return (true, $"{DemoAccounts.Alice} and {DemoAccounts.Bob}");
    }

    private async Task<(bool, string)> OpenStreamAsync(CancellationToken cancel)
    {
        await _alice.Auth.LoginAsync(Address.Parse(DemoAccounts.Alice), DemoAccounts.AlicePassword, cancel);
        // Her own note comes back on the stream and shows that it is open.
        _stream = _alice.StreamAsync(null, cancellationToken).GetAsyncEnumerator(CancellationToken.None);
        var first = _stream.MoveNextAsync().AsTask();
        while (!first.IsCompleted)
        {
            await _alice.Mail.SendAsync(new OutgoingMessage { To = [DemoAccounts.Bob], Body = "Is this thing on?" }, cancel);
            await Task.WhenAny(first, Task.Delay(TimeSpan.FromSeconds(1), cancel));
            cancel.ThrowIfCancellationRequested();
        }
        Ensure(await first, "the stream ended");
        return (true, "signed in; a note to bob showed that the stream is open");
    }

    private async Task<(bool, string)> SendEmailAsync(CancellationToken cancel)
    {
        string[] to = [DemoAccounts.Alice, DemoAccounts.Bob];
        return (true, $"the server answered: {await SmtpConversation.SendAsync(server.SmtpPort, DemoMail.Author, to, DemoMail.First(to, DateTimeOffset.UtcNow), cancel)}");
    }

    private async Task<(MessageRow, string)> NextFromOutsideAsync(string subject, CancellationToken cancel)
    {
        while (await _stream!.MoveNextAsync().AsTask().WaitAsync(cancel))
        {
            if (_stream.Current is not { Type: "message", Row: { Direction: "in", From: DemoMail.Author } row } || row.Subject != subject) continue;
            return (row, $"from {row.From}, subject \"{row.Subject}\", {row.ContentType}, {row.Attachments.Count} attachment(s), conversation {row.ConversationId}");
        }
        throw new IOException("the stream ended");
    }

    private async Task<(bool, string)> CheckAttachmentAsync(MessageRow received, CancellationToken cancel)
    {
        Ensure(received.Attachments.Count == 1, "the message does not have one attachment");
        var attachment = received.Attachments[0];
        using var plain = new MemoryStream();
        await _alice.Blobs.DownloadAsync(attachment, plain, null, cancel);
        Ensure(plain.ToArray().AsSpan().SequenceEqual(DemoMail.Attachment), "the attachment is not the one that was sent");
        return (true, $"{attachment.Name}: {attachment.Size} bytes stored under {attachment.Encryption?.Algorithm ?? "no encryption"}, the {plain.Length} that were sent came out");
    }

    private async Task<(SendResult, string)> AnswerAsync(MessageRow received, CancellationToken cancel)
    {
        var sent = (await _alice.Mail.SendAsync(OutgoingMessage.ReplyTo(received, Answer), cancel)).Results.Single();
        Ensure(sent.Status is "sent" or "queued", $"it is {sent.Status}: {sent.Error}");
        return (sent, $"{sent.Status}, id {sent.Id}");
    }

    private async Task<(SunkMail, string)> CheckThreadedAsync(SendResult sent, CancellationToken cancel)
    {
        var mail = await ReadFromSinkAsync(sent, cancel);
        Ensure(mail.Recipients.Contains(DemoMail.Author), $"it went to {string.Join(", ", mail.Recipients)}");
        Ensure(mail.Header("In-Reply-To") == DemoMail.MessageId, $"In-Reply-To is {mail.Header("In-Reply-To")}");
        Ensure(mail.Header("References")?.Contains(DemoMail.MessageId, StringComparison.Ordinal) == true, $"References is {mail.Header("References")}");
        Ensure(mail.Header("Message-ID") == $"<{sent.Id}@{DemoAccounts.Domain}>", $"Message-ID is {mail.Header("Message-ID")}");
        Ensure(mail.Text.Contains(Answer, StringComparison.Ordinal), "its body is not the answer");
        string[] shown = ["From", "To", "Subject", "Message-ID", "In-Reply-To", "References"];
        return (mail, string.Join('\n', shown.Select(name => $"{name}: {mail.Header(name)}")));
    }

    private async Task<SunkMail> ReadFromSinkAsync(SendResult sent, CancellationToken cancel)
    {
        try
        {
            return await sink.ReadAsync(cancel);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var row = await _alice.Mail.GetMessageAsync(sent.Id, null, cancellationToken);
            throw new IOException($"not seen in time; the message is {row.Status}: {row.Error ?? "no reason given"}");
        }
    }

    private async Task<(bool, string)> CheckConversationAsync(SunkMail email, MessageRow first, CancellationToken cancel)
    {
        string text = DemoMail.AnswerTo(email, DemoAccounts.Alice, DateTimeOffset.UtcNow);
        await SmtpConversation.SendAsync(server.SmtpPort, DemoMail.Author, [DemoAccounts.Alice], text, cancel);
        var (second, _) = await NextFromOutsideAsync($"Re: {DemoMail.Subject}", cancel);
        Ensure(second.ConversationId == first.ConversationId, "it is in another conversation");
        var thread = await _alice.Mail.GetThreadAsync(first.Id, PageRequest.First, cancel);
        return (true, $"the conversation now holds {thread.Messages.Count} messages");
    }

    private static void Ensure(bool holds, string otherwise)
    {
        if (!holds) throw new InvalidDataException(otherwise);
    }
}
