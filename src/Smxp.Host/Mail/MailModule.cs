using Smxp.Host.Domains;
using Smxp.Host.Mail.Api;
using Smxp.Host.Mail.Intake;
using Smxp.Host.Mail.Routing;
using Smxp.Host.Mail.Sending;
using Smxp.Plugins.Host;

namespace Smxp.Host.Mail;

/// <summary>What this folder adds to the host: the corridor every message goes through, and the mail API.</summary>
internal static class MailModule
{
    public static IServiceCollection AddMail(this IServiceCollection services)
    {
        services.AddSingleton<ICorridor, Corridor>().AddSingleton<Sender>().AddSingleton<Receiver>().AddSingleton<Committer>();
        services.AddSingleton<IMessageIntake, MessageIntake>().AddSingleton<IMailboxes, Mailboxes>().AddSingleton<IDispatch, Dispatcher>();
        services.AddSingleton<LocalRouter>().AddSingleton<LocalDelivery>().AddSingleton<Forwarder>().AddSingleton<BridgeClaims>();
        services.AddSingleton(static provider =>
        {
            LocalDirectory directory = ActivatorUtilities.CreateInstance<LocalDirectory>(provider);
            provider.GetRequiredService<IDirectoryChanges>().Changed += _ => directory.Forget();
            return directory;
        });
        services.AddSingleton<Composer>().AddSingleton<WayFinder>().AddSingleton<EnvelopeSigner>().AddSingleton<OutboxEntries>().AddSingleton<Previewer>();
        services.AddSingleton<SubmissionRules>().AddSingleton<AttachmentIssuer>();
        services.AddSingleton<AuthorResolver>().AddSingleton<Originals>();
        services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, MailJson.Default));
        return services;
    }

    public static void MapMail(this IEndpointRouteBuilder routes)
    {
        routes.MapMailbox();
        routes.MapSend();
        routes.MapChanges();
        routes.MapRead();
        routes.MapOriginals();
    }
}
