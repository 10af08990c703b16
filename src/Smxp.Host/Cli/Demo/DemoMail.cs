using System.Text;

namespace Smxp.Host.Cli.Demo;

/// <summary>The mails of the demo, as a mail program outside would write them.</summary>
internal static class DemoMail
{
    public const string Author = "carol@outside.test";
    public const string Subject = "The plan for Friday";
    public const string MessageId = "<plan-1@outside.test>";
    public const string AttachmentName = "plan.txt";

    /// <summary>What the attachment holds.</summary>
    public static byte[] Attachment { get; } = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(1, 200).Select(line => $"{line}. Bring the next thing on the list.\n")));

    /// <summary>A mail with a plain and an HTML body and an attachment.</summary>
    public static string First(IEnumerable<string> to, DateTimeOffset date) => $"""
        Date: {Date(date)}
        From: Carol <{Author}>
        To: {string.Join(", ", to)}
        Subject: {Subject}
        Message-ID: {MessageId}
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary="mixed"

        --mixed
        Content-Type: multipart/alternative; boundary="alternative"

        --alternative
        Content-Type: text/plain; charset=utf-8

        Here is the plan. Is Friday still good?
        --alternative
        Content-Type: text/html; charset=utf-8

        <p>Here is <b>the plan</b>. Is Friday still good?</p>
        --alternative--
        --mixed
        Content-Type: text/plain; charset=utf-8; name="{AttachmentName}"
        Content-Disposition: attachment; filename="{AttachmentName}"
        Content-Transfer-Encoding: base64

        {Convert.ToBase64String(Attachment, Base64FormattingOptions.InsertLineBreaks)}
        --mixed--
        """;

    /// <summary>The answer to a mail, threaded as every mail program threads it.</summary>
    public static string AnswerTo(SunkMail mail, string to, DateTimeOffset date) => $"""
        Date: {Date(date)}
        From: Carol <{Author}>
        To: {to}
        Subject: Re: {Subject}
        Message-ID: <plan-2@outside.test>
        In-Reply-To: {mail.Header("Message-ID")}
        References: {mail.Header("References")} {mail.Header("Message-ID")}
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8

        See you there.
        """;

    private static string Date(DateTimeOffset date) => date.ToString("ddd, dd MMM yyyy HH:mm:ss +0000", System.Globalization.CultureInfo.InvariantCulture);
}
