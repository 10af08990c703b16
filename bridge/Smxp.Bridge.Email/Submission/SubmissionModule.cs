using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Ledger;
using Smxp.Bridge.Email.Outbound;
using Smxp.Bridge.Email.Outbound.Dkim;
using Smxp.Bridge.Email.ReturnPaths;
using Smxp.Bridge.Email.Threads;
using Smxp.Plugins.Content;
using Smxp.Plugins.Host;
using Smxp.Plugins.Storage;

namespace Smxp.Bridge.Email.Submission;

/// <summary>Puts together what takes mail from people who sign in (<see cref="CreateApplication"/>), carries it where it leaves as email (<see cref="Mails"/>), and tells them what became of it (<see cref="Notices"/>).</summary>
internal sealed class SubmissionModule
{
    private readonly IServiceProvider _services;
    private readonly EmailSettings _settings;
    private readonly LargeMails _large;
    private readonly SubmissionRecords _records;
    private readonly string _spoolDirectory;

    public SubmissionModule(IServiceProvider services, EmailSettings settings, MailRecords mails, Originals originals, VerpAddresses verp, MailSigner signer, SmtpSender sender, LargeMails large, string spoolDirectory)
    {
        (_services, _settings, _large, _spoolDirectory) = (services, settings, large, spoolDirectory);
        _records = new SubmissionRecords(services.GetRequiredService<IBridgeState>());
        Notices = new SubmissionNotices(
            _records, originals, services.GetRequiredService<IMailboxes>(), services.GetRequiredService<IMessageIntake>(), settings.HostName, services.GetRequiredService<TimeProvider>());
        Mails = new SubmittedMails(_records, mails, originals, Notices, verp, signer, sender, spoolDirectory, services.GetRequiredService<ILoggerFactory>().CreateLogger<SubmittedMails>());
    }

    public SubmissionNotices Notices { get; }

    public SubmittedMails Mails { get; }

    /// <summary>What answers the submission listeners.</summary>
    /// <param name="inbound">What answers for recipients here.</param>
    /// <param name="threads">Finds conversations.</param>
    public SubmissionApplication CreateApplication(InboundApplication inbound, ThreadFinder threads)
    {
        var time = _services.GetRequiredService<TimeProvider>();
        var intake = _services.GetRequiredService<IMessageIntake>();
        var mailboxes = _services.GetRequiredService<IMailboxes>();
        var blobs = _services.GetRequiredService<IBlobs>();
        var limits = new SubmissionLimits(_settings.Submission.MaxMessageBytes ?? _settings.Smtp.MaxMessageBytes, _settings.Submission.RecipientsPerHour);
        var quota = new SenderQuota(limits.RecipientsPerHour, time);
        var preparation = new SubmissionPreparation(intake, blobs, _services.GetRequiredService<IContentTypes>(), threads, _records, _settings, time);
        var desk = new SubmissionDesk(
            preparation, intake, mailboxes, blobs, _records, Notices, quota, limits, _large, _services.GetRequiredService<ILoggerFactory>().CreateLogger<SubmissionDesk>());
        return new SubmissionApplication(inbound, intake, mailboxes, desk, quota, limits, _settings.HostName, _spoolDirectory);
    }
}
